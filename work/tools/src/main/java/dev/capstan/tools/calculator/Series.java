package dev.capstan.tools.calculator;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * The functions that have no exact result, in 34 digits; inside they carry {@link #WORKING} so that
 * the last of them is right.
 */
final class Series {
  private static final MathContext WORKING = new MathContext(60);

  /** Below it a term no longer changes the sum. */
  private static final BigDecimal NEGLIGIBLE = BigDecimal.ONE.movePointLeft(62);

  private static final BigDecimal TWO = BigDecimal.valueOf(2);

  static final BigDecimal PI = new BigDecimal("3.141592653589793238462643383279503");
  static final BigDecimal E = new BigDecimal("2.718281828459045235360287471352662");

  private static final BigDecimal LN10 = lnNear(BigDecimal.TEN);

  private Series() {}

  static BigDecimal exp(BigDecimal value) {
    if (value.abs().compareTo(BigDecimal.valueOf(700)) > 0) {
      throw new ArithmeticException("a number with more than " + Decimals.MOST_DIGITS + " digits");
    }
    return expWorking(value).round(Decimals.ROUNDED);
  }

  static BigDecimal ln(BigDecimal value) {
    return lnWorking(value).round(Decimals.ROUNDED);
  }

  static BigDecimal log10(BigDecimal value) {
    BigDecimal stripped = value.stripTrailingZeros();
    if (stripped.unscaledValue().equals(java.math.BigInteger.ONE)) {
      return BigDecimal.valueOf(-stripped.scale());
    }
    return lnWorking(value).divide(LN10, WORKING).round(Decimals.ROUNDED);
  }

  /** For exponents that are not whole. */
  static BigDecimal power(BigDecimal base, BigDecimal exponent) {
    if (base.signum() < 0) {
      throw new ArithmeticException("a negative number to a power that is not whole");
    }
    return exp(lnWorking(base).multiply(exponent, WORKING));
  }

  private static BigDecimal lnWorking(BigDecimal value) {
    if (value.signum() <= 0) {
      throw new ArithmeticException("the logarithm of a number that is not positive");
    }
    int power = value.precision() - value.scale() - 1;
    BigDecimal leading = value.scaleByPowerOfTen(-power);
    return lnNear(leading).add(LN10.multiply(BigDecimal.valueOf(power)), WORKING);
  }

  /** For 1 ≤ value ≤ 10. Halley's step triples the digits that are right; a double has 15. */
  private static BigDecimal lnNear(BigDecimal value) {
    BigDecimal guess = new BigDecimal(Math.log(value.doubleValue()));
    for (int i = 0; i < 2; i++) {
      BigDecimal back = expWorking(guess);
      BigDecimal step = value.subtract(back).multiply(TWO).divide(value.add(back), WORKING);
      guess = guess.add(step, WORKING);
    }
    return guess;
  }

  /** Halves the argument until its series is short, and squares as often. */
  private static BigDecimal expWorking(BigDecimal value) {
    MathContext finer = new MathContext(WORKING.getPrecision() + 10);
    int halvings = 8 + Math.max(0, Math.getExponent(value.doubleValue()) + 1);
    BigDecimal small = value.divide(TWO.pow(halvings), finer);
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int i = 1; term.abs().compareTo(NEGLIGIBLE.movePointLeft(8)) > 0; i++) {
      term = term.multiply(small, finer).divide(BigDecimal.valueOf(i), finer);
      sum = sum.add(term, finer);
    }
    for (int i = 0; i < halvings; i++) {
      sum = sum.multiply(sum, finer);
    }
    return sum;
  }
}
