package dev.capstan.llm.stage;

import dev.capstan.kernel.Dice;
import java.time.Duration;

/**
 * How often the same provider is asked again, and after what pause.
 *
 * @param most beside the first attempt
 * @param baseDelay the first pause; each one after is twice as long
 * @param maxDelay no pause of ours is longer; the vendor's {@code Retry-After} may be
 * @param jitter whether a pause is shortened by up to a quarter, so that not all return at once
 * @param failoverAfter a longer pause than this is not made while another provider can be asked
 */
public record Retries(
    int most, Duration baseDelay, Duration maxDelay, boolean jitter, Duration failoverAfter) {
  public static final Retries DEFAULT =
      new Retries(3, Duration.ofSeconds(1), Duration.ofSeconds(60), true, Duration.ofSeconds(1));

  private static final long PURPOSE = 0x7265747279L;

  /** The pause after this attempt, counted from 1. */
  Duration pause(int attempt, long seed) {
    Duration pause = baseDelay;
    for (int i = 1; i < attempt && pause.compareTo(maxDelay) < 0; i++) {
      pause = pause.multipliedBy(2);
    }
    pause = pause.compareTo(maxDelay) > 0 ? maxDelay : pause;
    if (!jitter) {
      return pause;
    }
    double share = 1 - 0.25 * Dice.unit(seed, PURPOSE, attempt);
    return Duration.ofNanos((long) ((double) pause.toNanos() * share));
  }
}
