package dev.capstan.kernel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * An amount of US dollars, exact: a whole number of picodollars (10⁻¹² USD). A price per million
 * tokens with up to six decimals is a whole number of them per token, and a {@code long} holds nine
 * million dollars. Arithmetic that does not fit throws {@link ArithmeticException}.
 *
 * @param pico may be negative, as a difference is
 */
public record Money(long pico) implements Comparable<Money> {
  public static final Money ZERO = new Money(0);
  private static final int SCALE = 12;

  /**
   * So many dollars, as people and price tables write them. Throws a {@link Refusal} of {@code
   * invalid_request} for more than twelve decimals and for more than nine million dollars.
   */
  public static Money dollars(BigDecimal dollars) {
    try {
      return new Money(dollars.movePointRight(SCALE).longValueExact());
    } catch (ArithmeticException unfit) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST,
              "an amount of money has at most 12 decimals and is below 9,000,000 dollars")
          .refusal();
    }
  }

  /** The same from text, such as {@code 0.25}. */
  @JsonCreator
  public static Money dollars(String dollars) {
    try {
      return dollars(new BigDecimal(dollars.strip()));
    } catch (NumberFormatException unfit) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "an amount of money looks like 0.25").refusal();
    }
  }

  public Money plus(Money other) {
    return new Money(Math.addExact(pico, other.pico));
  }

  public Money minus(Money other) {
    return new Money(Math.subtractExact(pico, other.pico));
  }

  /** So many times this: a price per token, say, and how many tokens. */
  public Money times(long count) {
    return new Money(Math.multiplyExact(pico, count));
  }

  public Money max(Money other) {
    return pico >= other.pico ? this : other;
  }

  public Money min(Money other) {
    return pico <= other.pico ? this : other;
  }

  public boolean isPositive() {
    return pico > 0;
  }

  /** In dollars, without trailing zeros. */
  public BigDecimal dollars() {
    BigDecimal plain = BigDecimal.valueOf(pico, SCALE).stripTrailingZeros();
    return plain.scale() < 0 ? plain.setScale(0, RoundingMode.UNNECESSARY) : plain;
  }

  @Override
  public int compareTo(Money other) {
    return Long.compare(pico, other.pico);
  }

  /** In dollars and plain decimals, such as {@code 0.0021}: what JSON says, as a text. */
  @JsonValue
  @Override
  public String toString() {
    return dollars().toPlainString();
  }
}
