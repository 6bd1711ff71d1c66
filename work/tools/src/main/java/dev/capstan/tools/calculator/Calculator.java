package dev.capstan.tools.calculator;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.kernel.Json;
import dev.capstan.plan.Effect;
import dev.capstan.plan.ToolSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * Computes an expression in decimals: {@code {"expression": "0.1 + 0.2"}} gives {@code {"result":
 * 0.3, "text": "0.3"}}.
 *
 * <p>Operators: {@code + - * / % ^} and parentheses, also {@code × ÷ −}; {@code ^} goes from right
 * to left and binds tighter than a minus sign before it, so that {@code -2^2} is -4; {@code %} is
 * the remainder with the dividend's sign, {@code mod} the one with the divisor's. Sums and products
 * are exact, a quotient when its digits end, and everything else has 34 digits. What cannot be
 * computed is {@code invalid_input} with its column.
 */
public final class Calculator implements Tool {
  private static final ToolSpec SPEC =
      new ToolSpec(
          "calculator",
          "Computes an arithmetic expression with exact decimals, such as (17 + 25) * 3 or"
              + " round(sqrt(2), 4).",
          Json.parse(
              """
              {"type": "object", "required": ["expression"], "additionalProperties": false,
               "properties": {"expression": {"type": "string", "minLength": 1, "maxLength": 1000,
                 "description": "numbers, + - * / % ^, parentheses, pi, e, and abs, avg, ceil, exp,\
               floor, ln, log10, max, min, mod, pow, round, sqrt, sum"}}}
              """),
          Json.parse(
              """
              {"type": "object", "required": ["result", "text"], "additionalProperties": false,
               "properties": {"result": {"type": "number"},
                 "text": {"type": "string", "description": "the result, written out"}}}
              """),
          Effect.PURE);

  @Override
  public ToolSpec spec() {
    return SPEC;
  }

  @Override
  public Outcome call(ToolCall call) {
    try {
      BigDecimal result = evaluate(call.input().path("expression").asString(""));
      return Outcome.completed(
          Json.object().put("result", result).put("text", result.toPlainString()));
    } catch (WrongExpression wrong) {
      return Outcome.failed(wrong.problem());
    }
  }

  /** The value without zeros at its end and never in scientific notation. */
  static BigDecimal evaluate(String expression) {
    return value(Parser.parse(expression), expression);
  }

  private static BigDecimal value(Term term, String text) {
    return switch (term) {
      case Term.Literal literal -> literal.value();
      case Term.Negated negated -> value(negated.of(), text).negate();
      case Term.Operation operation -> operation(operation, text);
      case Term.Application application -> application(application, text);
    };
  }

  private static BigDecimal operation(Term.Operation operation, String text) {
    BigDecimal left = value(operation.left(), text);
    BigDecimal right = value(operation.right(), text);
    try {
      return Decimals.bounded(
          switch (operation.operator()) {
            case PLUS -> left.add(right);
            case MINUS -> left.subtract(right);
            case TIMES -> left.multiply(right);
            case DIVIDED_BY -> Decimals.divide(left, right);
            case REMAINDER -> Decimals.remainder(left, right);
            case POWER -> Decimals.power(left, right);
          });
    } catch (ArithmeticException impossible) {
      throw new WrongExpression(impossible.getMessage(), operation.at(), text);
    }
  }

  private static BigDecimal application(Term.Application application, String text) {
    List<BigDecimal> arguments = new ArrayList<>();
    for (Term argument : application.arguments()) {
      arguments.add(value(argument, text));
    }
    try {
      return application.function().apply(arguments);
    } catch (ArithmeticException impossible) {
      throw new WrongExpression(impossible.getMessage(), application.at(), text);
    }
  }
}
