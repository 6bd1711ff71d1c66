package dev.capstan.plan;

import java.time.Duration;
import java.util.Locale;

/**
 * How often and when a failed attempt is made again.
 *
 * @param maxRetries further attempts after the first, 0 to 1,000
 * @param maxDelay no single delay is longer
 * @param jitter whether each delay is drawn between half and all of what the strategy says
 */
public record RetryPolicy(
    int maxRetries, Strategy strategy, Duration baseDelay, Duration maxDelay, boolean jitter) {
  /** How the delay grows. */
  public enum Strategy {
    /** base, 2 × base, 4 × base, … */
    EXPONENTIAL_BACKOFF,
    /** base, 2 × base, 3 × base, … */
    LINEAR,
    /** base, base, base, … */
    FIXED;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A step fails at its first failure. */
  public static final RetryPolicy NONE =
      new RetryPolicy(
          0, Strategy.EXPONENTIAL_BACKOFF, Duration.ofSeconds(1), Duration.ofSeconds(60), false);

  public RetryPolicy {
    if (maxRetries < 0 || maxRetries > 1_000 || baseDelay.isNegative() || maxDelay.isNegative()) {
      throw new IllegalArgumentException("max_retries is 0 to 1000 and delays are not negative");
    }
  }

  /**
   * The delay before the next attempt.
   *
   * @param failures how many attempts have failed, from 1
   * @param dice in [0, 1): where in the jitter's range to land
   */
  public Duration delayAfter(int failures, double dice) {
    double factor =
        switch (strategy) {
          case EXPONENTIAL_BACKOFF -> Math.pow(2, Math.min(failures - 1, 62));
          case LINEAR -> failures;
          case FIXED -> 1;
        };
    double millis = Math.min((double) baseDelay.toMillis() * factor, (double) maxDelay.toMillis());
    double jittered = jitter ? millis * (0.5 + dice / 2) : millis;
    return Duration.ofMillis((long) jittered);
  }
}
