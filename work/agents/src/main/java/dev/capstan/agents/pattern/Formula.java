package dev.capstan.agents.pattern;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Something to be computed. It is written twice: as the calculator reads it, and as people do, so
 * that an answer reads "15% of 80 = 12". Results of earlier calculations stand in it as templates.
 */
sealed interface Formula {
  record Figure(String text) implements Formula {}

  /** The result of an earlier step. */
  record Result(String step) implements Formula {}

  record Infix(char sign, Formula left, Formula right) implements Formula {}

  record Negative(Formula of) implements Formula {}

  record Parentheses(Formula inside) implements Formula {}

  record Percent(Formula part, Formula of) implements Formula {}

  record Call(String function, List<Formula> arguments) implements Formula {}

  /** Joins them all from left to right. */
  static Formula joined(char sign, List<Formula> operands) {
    return operands.stream().reduce((left, right) -> infix(sign, left, right)).orElseThrow();
  }

  /** With parentheses wherever they are needed to keep the meaning. */
  static Formula infix(char sign, Formula left, Formula right) {
    // What stands left or right of a power binds less tightly than the power, even a result below
    // zero.
    Formula first =
        binding(left) < strength(sign) || (sign == '^' && left instanceof Result)
            ? new Parentheses(left)
            : left;
    boolean same = binding(right) == strength(sign);
    return new Infix(
        sign, first, binding(right) < strength(sign) || same ? new Parentheses(right) : right);
  }

  private static int binding(Formula formula) {
    return switch (formula) {
      case Infix infix -> strength(infix.sign);
      case Percent ignored -> strength('*');
      case Negative ignored -> strength('*');
      case Figure ignored -> 9;
      case Result ignored -> 9;
      case Parentheses ignored -> 9;
      case Call ignored -> 9;
    };
  }

  static int strength(char sign) {
    return switch (sign) {
      case '+', '-' -> 1;
      case '^' -> 4;
      default -> 2;
    };
  }

  /** Whether there is anything to compute. */
  default boolean isWork() {
    return switch (this) {
      case Figure ignored -> false;
      case Result ignored -> false;
      case Negative negative -> negative.of.isWork();
      case Parentheses parentheses -> parentheses.inside.isWork();
      default -> true;
    };
  }

  /** As the calculator reads it. */
  default String expression() {
    return switch (this) {
      case Figure figure -> figure.text;
      case Result result -> "${steps." + result.step + ".output.result}";
      case Infix infix ->
          infix.left.expression() + " " + infix.sign + " " + infix.right.expression();
      case Negative negative -> "-" + negative.of.expression();
      case Parentheses parentheses -> "(" + parentheses.inside.expression() + ")";
      case Percent percent ->
          infix('*', infix('/', percent.part, new Figure("100")), percent.of).expression();
      case Call call -> call(call, call.arguments.stream().map(Formula::expression).toList());
    };
  }

  /** As people read it. */
  default String shown() {
    return switch (this) {
      case Infix infix -> infix.left.shown() + " " + infix.sign + " " + infix.right.shown();
      case Negative negative -> "-" + negative.of.shown();
      case Parentheses parentheses -> "(" + parentheses.inside.shown() + ")";
      case Percent percent -> percent.part.shown() + "% of " + percent.of.shown();
      case Call call -> call(call, call.arguments.stream().map(Formula::shown).toList());
      case Figure ignored -> expression();
      case Result ignored -> expression();
    };
  }

  private static String call(Call call, List<String> arguments) {
    return call.function + arguments.stream().collect(Collectors.joining(", ", "(", ")"));
  }
}
