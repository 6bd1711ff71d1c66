package dev.capstan.tools.calculator;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;

/**
 * Arithmetic on decimals: exact as long as the exact result can be written in {@link #MOST_DIGITS}
 * digits, else with 34 significant digits, and never larger or longer than that. Everything throws
 * {@link ArithmeticException} with a message for people.
 */
final class Decimals {
  /** No number in a calculation is written with more digits before or after its point. */
  static final int MOST_DIGITS = 300;

  /** What is not exact has 34 digits. */
  static final MathContext ROUNDED = MathContext.DECIMAL128;

  private static final BigDecimal LARGEST_EXPONENT = BigDecimal.valueOf(999_999_999);

  private Decimals() {}

  /** The normal form of a result: no zeros at the end, never in scientific notation. */
  static BigDecimal bounded(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    if (stripped.precision() - stripped.scale() > MOST_DIGITS) {
      throw new ArithmeticException("a number with more than " + MOST_DIGITS + " digits");
    }
    if (stripped.precision() > MOST_DIGITS || stripped.scale() > MOST_DIGITS) {
      stripped = stripped.round(ROUNDED).stripTrailingZeros();
      if (stripped.scale() > MOST_DIGITS) {
        throw new ArithmeticException(
            "a number with more than " + MOST_DIGITS + " digits after its point");
      }
    }
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  static BigDecimal divide(BigDecimal dividend, BigDecimal divisor) {
    if (divisor.signum() == 0) {
      throw new ArithmeticException("division by zero");
    }
    return isFinite(dividend, divisor)
        ? dividend.divide(divisor)
        : dividend.divide(divisor, ROUNDED);
  }

  /** Whether the quotient's digits end: the divisor divides the dividend times a power of ten. */
  private static boolean isFinite(BigDecimal dividend, BigDecimal divisor) {
    var shared = dividend.unscaledValue().gcd(divisor.unscaledValue());
    var rest = divisor.unscaledValue().abs().divide(shared);
    rest = rest.shiftRight(Math.max(0, rest.getLowestSetBit()));
    var five = java.math.BigInteger.valueOf(5);
    while (rest.bitLength() > 1) {
      var parts = rest.divideAndRemainder(five);
      if (parts[1].signum() != 0) {
        return false;
      }
      rest = parts[0];
    }
    return true;
  }

  /** What is left of a division towards zero: it has the sign of the dividend. */
  static BigDecimal remainder(BigDecimal dividend, BigDecimal divisor) {
    if (divisor.signum() == 0) {
      throw new ArithmeticException("division by zero");
    }
    return dividend.remainder(divisor);
  }

  /** What is left of a division towards minus infinity: it has the sign of the divisor. */
  static BigDecimal mod(BigDecimal dividend, BigDecimal divisor) {
    BigDecimal left = remainder(dividend, divisor);
    return left.signum() * divisor.signum() < 0 ? left.add(divisor) : left;
  }

  static BigDecimal sqrt(BigDecimal value) {
    if (value.signum() < 0) {
      throw new ArithmeticException("the square root of a negative number");
    }
    return value.sqrt(ROUNDED);
  }

  /** {@code round(x)} or {@code round(x, digits)}; halves go away from zero, as at school. */
  static BigDecimal round(List<BigDecimal> arguments) {
    BigDecimal value = arguments.getFirst();
    if (arguments.size() == 1) {
      return value.setScale(0, RoundingMode.HALF_UP);
    }
    BigDecimal digits = arguments.getLast();
    if (!isWhole(digits) || digits.abs().compareTo(BigDecimal.valueOf(MOST_DIGITS)) > 0) {
      throw new ArithmeticException("digits to round to that are no whole number from -300 to 300");
    }
    return value.setScale(digits.intValueExact(), RoundingMode.HALF_UP);
  }

  static BigDecimal power(BigDecimal base, BigDecimal exponent) {
    if (exponent.signum() == 0 || base.compareTo(BigDecimal.ONE) == 0) {
      return BigDecimal.ONE;
    }
    if (base.signum() == 0) {
      if (exponent.signum() < 0) {
        throw new ArithmeticException("division by zero");
      }
      return BigDecimal.ZERO;
    }
    if (!isWhole(exponent)) {
      return Series.power(base, exponent);
    }
    refuseHuge(base, exponent);
    if (exponent.abs().compareTo(LARGEST_EXPONENT) > 0) {
      BigDecimal size =
          base.abs().compareTo(BigDecimal.ONE) == 0
              ? BigDecimal.ONE
              : Series.power(base.abs(), exponent);
      boolean odd = exponent.toBigIntegerExact().testBit(0);
      return base.signum() < 0 && odd ? size.negate() : size;
    }
    return wholePower(base, exponent.intValueExact());
  }

  private static BigDecimal wholePower(BigDecimal base, int exponent) {
    BigDecimal stripped = base.stripTrailingZeros();
    int times = Math.abs(exponent);
    if ((long) Math.max(0, stripped.scale()) * times > MOST_DIGITS) {
      return stripped.pow(exponent, new MathContext(60)).round(ROUNDED);
    }
    BigDecimal exact = stripped.pow(times);
    return exponent > 0 ? exact : divide(BigDecimal.ONE, exact);
  }

  /** Refuses 9^9^9 before anything is computed. */
  private static void refuseHuge(BigDecimal base, BigDecimal exponent) {
    double digits = Math.abs(log10(base.abs()) * exponent.doubleValue());
    if (digits > MOST_DIGITS + 1) {
      throw new ArithmeticException("a number with more than " + MOST_DIGITS + " digits");
    }
  }

  /** Nearly: good to a dozen digits, for a positive number. */
  static double log10(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    int power = stripped.precision() - stripped.scale() - 1;
    return power + Math.log10(stripped.scaleByPowerOfTen(-power).doubleValue());
  }

  static boolean isWhole(BigDecimal value) {
    return value.stripTrailingZeros().scale() <= 0;
  }
}
