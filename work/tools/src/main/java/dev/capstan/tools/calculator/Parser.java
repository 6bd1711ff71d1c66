package dev.capstan.tools.calculator;

import dev.capstan.tools.calculator.Term.Operator;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads an expression by precedence climbing, in one pass and in bounded depth. */
final class Parser {
  static final int LONGEST = 1_000;
  private static final int DEEPEST = 100;
  private static final int MINUS_STRENGTH = 3;
  private static final int END = -1;

  private final String text;
  private int next;
  private int depth;

  private Parser(String text) {
    this.text = text;
  }

  /** Throws {@link WrongExpression} with the place. */
  static Term parse(String text) {
    if (text.length() > LONGEST) {
      throw new WrongExpression("an expression longer than " + LONGEST + " characters", 1, "");
    }
    Parser parser = new Parser(text);
    Term whole = parser.term(1);
    if (parser.peek() != END) {
      throw parser.expected(parser.peek() == ')' ? "no ')' without a '('" : "an operator");
    }
    return whole;
  }

  private Term term(int weakest) {
    deeper();
    Term left = peek() == '-' ? negated() : operand();
    for (Operator operator = operator();
        operator != null && operator.strength >= weakest;
        operator = operator()) {
      int at = next + 1;
      next++;
      // To the right of a power stands another power: 2^3^2 is 2^9.
      boolean rightToLeft = operator == Operator.POWER;
      Term right = term(rightToLeft ? operator.strength : operator.strength + 1);
      left = new Term.Operation(operator, left, right, at);
    }
    depth--;
    return left;
  }

  private Term negated() {
    next++;
    return new Term.Negated(term(MINUS_STRENGTH));
  }

  private Term operand() {
    int c = peek();
    if (isDigit(c) || c == '.') {
      return number();
    }
    if (isLetter(c)) {
      return named();
    }
    if (c != '(') {
      throw expected("a number");
    }
    next++;
    Term inside = term(1);
    close();
    return inside;
  }

  private void close() {
    if (peek() != ')') {
      throw expected("')'");
    }
    next++;
  }

  private Term.Literal number() {
    int from = next;
    digits();
    if (charAt(next) == '.') {
      next++;
      digits();
    }
    if (next == from + 1 && text.charAt(from) == '.') {
      next = from;
      throw expected("a number");
    }
    exponent();
    try {
      return new Term.Literal(Decimals.bounded(new BigDecimal(text.substring(from, next))));
    } catch (ArithmeticException large) {
      throw new WrongExpression(large.getMessage(), from + 1, text);
    }
  }

  private void exponent() {
    if (charAt(next) != 'e' && charAt(next) != 'E') {
      return;
    }
    int sign = charAt(next + 1) == '-' || charAt(next + 1) == '+' ? 1 : 0;
    int from = next + 1 + sign;
    if (!isDigit(charAt(from))) {
      return;
    }
    next = from;
    digits();
    if (next - from > 6) {
      throw new WrongExpression("an exponent of more than 6 digits", from + 1, text);
    }
  }

  private void digits() {
    while (isDigit(charAt(next))) {
      next++;
    }
  }

  private Term named() {
    int from = next;
    while (isLetter(charAt(next)) || isDigit(charAt(next))) {
      next++;
    }
    String name = text.substring(from, next).toLowerCase(Locale.ROOT);
    if (name.equals("pi")) {
      return new Term.Literal(Series.PI);
    }
    if (name.equals("e")) {
      return new Term.Literal(Series.E);
    }
    Function function = Function.named(name);
    if (function == null) {
      throw new WrongExpression(
          "an unknown name; there are pi, e and the functions " + Function.names(), from + 1, text);
    }
    return application(function, from + 1);
  }

  private Term.Application application(Function function, int at) {
    if (peek() != '(') {
      throw expected("'(' after " + function.shown());
    }
    next++;
    List<Term> arguments = new ArrayList<>();
    arguments.add(term(1));
    while (peek() == ',') {
      next++;
      arguments.add(term(1));
    }
    close();
    if (arguments.size() < function.fewest || arguments.size() > function.most) {
      String wanted =
          function.fewest == function.most
              ? "" + function.fewest
              : function.fewest + " to " + function.most;
      throw new WrongExpression(
          function.shown() + " takes " + wanted + " arguments and has " + arguments.size(),
          at,
          text);
    }
    return new Term.Application(function, List.copyOf(arguments), at);
  }

  private @Nullable Operator operator() {
    return switch (peek()) {
      case '+' -> Operator.PLUS;
      case '-' -> Operator.MINUS;
      case '*' -> Operator.TIMES;
      case '/' -> Operator.DIVIDED_BY;
      case '%' -> Operator.REMAINDER;
      case '^' -> Operator.POWER;
      default -> null;
    };
  }

  /**
   * The next character that is no space, in ASCII where there is a twin; {@link #END} at the end.
   */
  private int peek() {
    while (next < text.length()
        && (Character.isWhitespace(text.charAt(next))
            || Character.isSpaceChar(text.charAt(next)))) {
      next++;
    }
    int c = charAt(next);
    return switch (c) {
      case '×', '·' -> '*';
      case '÷' -> '/';
      case '−', '–' -> '-';
      default -> c;
    };
  }

  private int charAt(int index) {
    return index < text.length() ? text.charAt(index) : END;
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private void deeper() {
    if (++depth > DEEPEST) {
      throw new WrongExpression("nesting deeper than " + DEEPEST, next + 1, text);
    }
  }

  private WrongExpression expected(String what) {
    return new WrongExpression("expected " + what, next + 1, text);
  }
}
