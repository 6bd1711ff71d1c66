package dev.capstan.agents.pattern;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads one calculation that is asked for: "multiply 10 by 5", "what is 2 plus 2". */
final class CalculationReader {
  /**
   * @param verb what its step's id begins with
   */
  record Asked(String verb, Formula formula) {}

  private final Reading reading;
  private final FormulaReader formulas;

  CalculationReader(Reading reading, FormulaReader formulas) {
    this.reading = reading;
    this.formulas = formulas;
  }

  /** Null, and nowhere further, when there is none here. */
  @Nullable Asked read() {
    int before = reading.at;
    Asked asked = verb();
    if (asked == null) {
      reading.at = before;
      asked = question();
    }
    if (asked == null) {
      reading.at = before;
      return null;
    }
    if (reading.take("=")) {
      reading.take("?");
    }
    return asked;
  }

  private @Nullable Asked verb() {
    String verb = reading.words.at(reading.at).text();
    if (reading.words.at(reading.at).kind() != Word.Kind.WORD) {
      return null;
    }
    reading.at++;
    return switch (verb) {
      case "add", "sum" -> add();
      case "subtract", "deduct" -> subtract();
      case "multiply" -> by('*', "multiply");
      case "divide" -> by('/', "divide");
      case "raise" -> raise();
      case "square" -> with('^', "2", "square");
      case "cube" -> with('^', "3", "cube");
      case "double" -> with('*', "2", "double");
      case "triple" -> with('*', "3", "triple");
      case "halve" -> with('/', "2", "halve");
      default -> null;
    };
  }

  private @Nullable Asked add() {
    reading.take("up", "together");
    List<Formula> operands = new ArrayList<>(formulas.list());
    if (operands.isEmpty()) {
      return null;
    }
    int before = reading.at;
    if (reading.take("to")) {
      Formula target = formulas.formula();
      if (target != null) {
        operands.add(target);
        return new Asked("add", Formula.joined('+', operands));
      }
      reading.at = before;
    }
    reading.take("together", "up");
    return operands.size() > 1
        ? new Asked("add", Formula.joined('+', operands))
        : continued('+', operands.getFirst(), "add");
  }

  private @Nullable Asked subtract() {
    Formula less = formulas.formula();
    if (less == null) {
      return null;
    }
    if (!reading.take("from")) {
      return continued('-', less, "subtract");
    }
    Formula from = formulas.formula();
    return from == null ? null : new Asked("subtract", Formula.infix('-', from, less));
  }

  private @Nullable Asked by(char sign, String verb) {
    if (reading.take("by")) {
      Formula by = formulas.formula();
      return by == null ? null : continued(sign, by, verb);
    }
    List<Formula> operands = new ArrayList<>(formulas.list());
    if (operands.size() == 1 && reading.take("by", "with")) {
      Formula by = formulas.formula();
      if (by == null) {
        return null;
      }
      operands.add(by);
    }
    boolean right = sign == '/' ? operands.size() == 2 : operands.size() > 1;
    return right ? new Asked(verb, Formula.joined(sign, operands)) : null;
  }

  /** "then add 5": goes on with the last result. */
  private @Nullable Asked continued(char sign, Formula operand, String verb) {
    if (operand instanceof Formula.Result || reading.results().isEmpty()) {
      reading.complain("it needs two numbers, and there is only one");
      return null;
    }
    Formula last = new Formula.Result(reading.results().getLast().step());
    return new Asked(verb, Formula.infix(sign, last, operand));
  }

  private @Nullable Asked raise() {
    Formula power = formulas.formula();
    // The formula has taken "to the power of" along.
    return power instanceof Formula.Infix infix && infix.sign() == '^'
        ? new Asked("raise", power)
        : null;
  }

  private @Nullable Asked with(char sign, String number, String verb) {
    Formula of = formulas.formula();
    return of == null ? null : new Asked(verb, Formula.infix(sign, of, new Formula.Figure(number)));
  }

  private @Nullable Asked question() {
    boolean asked =
        reading.take("calculate", "compute", "evaluate", "solve", "find", "what's", "whats")
            || reading.takeAll("what", "is")
            || reading.takeAll("what", "are")
            || reading.takeAll("how", "much", "is")
            || reading.takeAll("work", "out")
            || reading.takeAll("tell", "me")
            || reading.takeAll("give", "me")
            || reading.takeAll("show", "me")
            || reading.take("show");
    if (!reading.takeAll("the", "result", "of")
        && !reading.takeAll("the", "value", "of")
        && asked
        && reading.takeAll("what", "is")) {
      reading.takeAll("the", "result", "of");
    }
    Formula formula = formulas.formula();
    if (formula == null || (!formula.isWork() && !(asked && formula instanceof Formula.Result))) {
      return null;
    }
    return new Asked("calculate", formula);
  }
}
