package dev.capstan.agents.pattern;

import dev.capstan.agents.pattern.Word.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads what is to be computed, in signs or in words: "(17+25)*3", "15% of the first result". */
final class FormulaReader {
  private static final int DEEPEST = 40;
  private static final int MOST_OPERANDS = 300;
  private static final int LONGEST = 900;
  private static final String TOO_DEEP = "it nests deeper than " + DEEPEST;

  private static final Set<String> FUNCTIONS =
      Set.of(
          "abs", "avg", "ceil", "exp", "floor", "ln", "log10", "max", "min", "mod", "pow", "round",
          "sqrt", "sum");

  /** "the sum of 1, 2 and 3" and its like: the sign that joins the list. */
  private static final Map<String, Character> JOINING =
      Map.of("sum", '+', "total", '+', "product", '*', "difference", '-', "quotient", '/');

  private static final Map<String, String> APPLIED =
      Map.of(
          "average",
          "avg",
          "mean",
          "avg",
          "minimum",
          "min",
          "smallest",
          "min",
          "maximum",
          "max",
          "largest",
          "max");

  private final Reading reading;
  private final References references;
  private int depth;
  private int operands;

  FormulaReader(Reading reading) {
    this.reading = reading;
    this.references = new References(reading);
  }

  /** Sums and differences and all that binds tighter; null when there is none here. */
  @Nullable Formula formula() {
    if (depth >= DEEPEST) {
      reading.complain(TOO_DEEP);
      return null;
    }
    depth++;
    Formula left = product();
    while (left != null) {
      int before = reading.at;
      char sign = reading.take("+", "plus") ? '+' : reading.take("-", "minus") ? '-' : 0;
      Formula right = sign == 0 ? null : product();
      if (right == null) {
        reading.at = before;
        break;
      }
      left = Formula.infix(sign, left, right);
    }
    depth--;
    return left;
  }

  private @Nullable Formula product() {
    Formula left = signed();
    while (left != null) {
      int before = reading.at;
      char sign = productSign();
      Formula right = sign == 0 ? null : signed();
      if (right == null) {
        reading.at = before;
        break;
      }
      left = Formula.infix(sign, left, right);
    }
    return left;
  }

  private char productSign() {
    if (reading.take("*", "x", "times") || reading.takeAll("multiplied", "by")) {
      return '*';
    }
    if (reading.take("/", "over") || reading.takeAll("divided", "by")) {
      return '/';
    }
    return reading.take("%", "mod", "modulo") ? '%' : 0;
  }

  private @Nullable Formula signed() {
    int before = reading.at;
    int signs = 0;
    while (reading.take("-", "minus", "negative")) {
      signs++;
    }
    Formula of = power();
    if (of == null) {
      reading.at = before;
      return null;
    }
    return signs % 2 == 0 ? of : new Formula.Negative(of);
  }

  private @Nullable Formula power() {
    Formula base = operand();
    if (base == null) {
      return null;
    }
    int before = reading.at;
    if (reading.take("squared")) {
      return Formula.infix('^', base, new Formula.Figure("2"));
    }
    if (reading.take("cubed")) {
      return Formula.infix('^', base, new Formula.Figure("3"));
    }
    if ((reading.take("%", "percent") || reading.takeAll("per", "cent")) && reading.take("of")) {
      Formula of = deeper(this::power);
      if (of != null) {
        return new Formula.Percent(base, of);
      }
    } else {
      reading.at = before;
      if (powerSign()) {
        Formula exponent = deeper(this::signed);
        if (exponent != null) {
          return Formula.infix('^', base, exponent);
        }
      }
    }
    reading.at = before;
    return base;
  }

  private boolean powerSign() {
    if (reading.takeAll("*", "*")) {
      return true;
    }
    reading.take("raised");
    return reading.take("^")
        || reading.takeAll("to", "the", "power", "of")
        || reading.takeAll("to", "the", "power");
  }

  private @Nullable Formula deeper(java.util.function.Supplier<@Nullable Formula> rule) {
    if (depth >= DEEPEST) {
      reading.complain(TOO_DEEP);
      return null;
    }
    depth++;
    Formula found = rule.get();
    depth--;
    return found;
  }

  /** Complains about what the calculator would not read; results that stand in it come on top. */
  boolean isTooLong(Formula formula) {
    if (formula.shown().length() <= LONGEST) {
      return false;
    }
    reading.complain("a calculation longer than " + LONGEST + " characters");
    return true;
  }

  /** Another part of the prompt begins: what bounds one calculation counts anew. */
  void begin() {
    operands = 0;
  }

  private @Nullable Formula operand() {
    if (++operands > MOST_OPERANDS) {
      reading.complain("more than " + MOST_OPERANDS + " numbers in one calculation");
      return null;
    }
    int before = reading.at;
    Formula found = figure();
    if (found == null) {
      // What could not be read as a figure is not to be passed over.
      reading.at = before;
      found = references.one();
    }
    if (found == null) {
      reading.take("the");
      found = named();
    }
    if (found == null) {
      reading.at = before;
    }
    return found;
  }

  private @Nullable Formula figure() {
    Word word = reading.words.at(reading.at);
    if (word.kind() == Kind.NUMBER) {
      if (word.text().contains(",")) {
        reading.complain(
            "'"
                + word.text()
                + "' may be one number or several: write 1000 for one, and '1, 000' for two");
        return null;
      }
      reading.at++;
      return new Formula.Figure(word.text());
    }
    NumberWords.Found inWords = NumberWords.at(reading.words, reading.at);
    if (inWords.words() > 0) {
      reading.at += inWords.words();
      return new Formula.Figure(Long.toString(inWords.value()));
    }
    if (reading.is("pi", "e")) {
      reading.at++;
      return new Formula.Figure(word.text());
    }
    if (reading.take("(")) {
      Formula inside = formula();
      return inside != null && reading.take(")") ? new Formula.Parentheses(inside) : null;
    }
    return null;
  }

  private @Nullable Formula named() {
    String name = reading.words.at(reading.at).text();
    if (reading.takeAll("square", "root", "of")) {
      Formula of = deeper(this::operand);
      return of == null ? null : new Formula.Call("sqrt", List.of(of));
    }
    if (reading.takeAll("half", "of") || reading.take("twice")) {
      Formula of = deeper(this::operand);
      Formula two = new Formula.Figure("2");
      return of == null ? null : Formula.infix(name.equals("half") ? '/' : '*', of, two);
    }
    if (FUNCTIONS.contains(name) && reading.words.is(reading.at + 1, "(")) {
      reading.at += 2;
      List<Formula> arguments = list();
      return arguments.isEmpty() || !reading.take(")") ? null : new Formula.Call(name, arguments);
    }
    if (!reading.words.is(reading.at + 1, "of", "between")) {
      return null;
    }
    char sign = JOINING.getOrDefault(name, ' ');
    String function = APPLIED.get(name);
    if (sign == ' ' && function == null) {
      return null;
    }
    reading.at += 2;
    List<Formula> of = deeperList();
    if (of.size() < 2
        || ((name.equals("difference") || name.equals("quotient")) && of.size() > 2)) {
      return null;
    }
    return function == null ? Formula.joined(sign, of) : new Formula.Call(function, of);
  }

  private List<Formula> deeperList() {
    if (depth >= DEEPEST) {
      reading.complain(TOO_DEEP);
      return List.of();
    }
    depth++;
    List<Formula> found = list();
    depth--;
    return found;
  }

  /**
   * "1, 2 and the first result", "both results": as many as there are; empty when there is none.
   */
  List<Formula> list() {
    List<Formula> found = new ArrayList<>();
    boolean more = true;
    while (more) {
      int before = reading.at;
      if (!found.isEmpty()) {
        boolean comma = reading.take(",");
        boolean and = reading.take("and", "&");
        if (!comma && !and) {
          return found;
        }
      }
      List<Formula> several = references.several();
      Formula one = several.isEmpty() ? formula() : null;
      found.addAll(several);
      if (one != null) {
        found.add(one);
      }
      more = one != null || !several.isEmpty();
      if (!more) {
        reading.at = before;
      }
    }
    return found;
  }
}
