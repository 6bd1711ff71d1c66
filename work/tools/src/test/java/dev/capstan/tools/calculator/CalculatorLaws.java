package dev.capstan.tools.calculator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.engine.step.Outcome;
import dev.capstan.kernel.Dice;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.tools.Calls;
import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class CalculatorLaws {
  private static final String[] PIECES = {
    "1", "2", "0", "9", "0.1", "99999", "1e300", "1e-300", "e", "pi", "+", "-", "*", "/", "%", "^",
    "(", ")", ",", "sqrt(", "ln(", "exp(", "round(", "pow(", "avg(", "max(", " ", "×", "x",
    "\u0000", "e5", ".", "log10(", "mod(", "\uD800"
  };

  @Test
  void whatever_is_written_ends_in_a_number_or_in_a_mistake() {
    Calculator calculator = new Calculator();
    for (int round = 0; round < 20_000; round++) {
      String expression = random(round);
      Outcome outcome =
          Assertions.assertTimeout(
              Duration.ofSeconds(1),
              () -> calculator.call(Calls.of(Json.object().put("expression", expression))),
              expression);
      if (outcome instanceof Outcome.Failed failed) {
        assertThat(failed.problem().code()).isEqualTo(ProblemCode.INVALID_INPUT);
      } else if (outcome instanceof Outcome.Completed completed) {
        // What is written can be read again.
        Json.parse(completed.output().toString());
      }
    }
  }

  @Test
  void sums_and_products_are_those_of_exact_decimals() {
    for (int round = 0; round < 5_000; round++) {
      BigDecimal left = number(round, 1);
      BigDecimal right = number(round, 2);
      assertThat(Calculator.evaluate("(" + left + ") + (" + right + ")"))
          .isEqualByComparingTo(left.add(right));
      assertThat(Calculator.evaluate(left + " * -" + right))
          .isEqualByComparingTo(left.multiply(right).negate());
      assertThat(Calculator.evaluate("(" + left + " - " + right + ") + " + right))
          .isEqualByComparingTo(left);
    }
  }

  @Test
  void logarithms_undo_powers() {
    for (int round = 1; round < 300; round++) {
      BigDecimal x = number(round, 3).add(BigDecimal.ONE);
      BigDecimal back = Calculator.evaluate("exp(ln(" + x + "))");
      assertThat(back.subtract(x).abs().divide(x, Decimals.ROUNDED))
          .isLessThan(new BigDecimal("1e-32"));
    }
  }

  private static String random(int round) {
    StringBuilder text = new StringBuilder();
    int length = 1 + (int) (Dice.unit(round, 1, 0) * 14);
    for (int i = 0; i < length; i++) {
      text.append(PIECES[(int) (Dice.unit(round, 2, i) * PIECES.length)]);
    }
    return text.toString();
  }

  private static BigDecimal number(int round, int purpose) {
    long unscaled = (long) (Dice.unit(round, purpose, 0) * 1e12);
    return BigDecimal.valueOf(unscaled, (int) (Dice.unit(round, purpose, 1) * 9));
  }
}
