package dev.capstan.server.trail;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * How many lines may be told one by one: what happens seldom is told as it happens, and of what
 * happens thousands of times a second only how often, or the log would grow faster than the
 * journal. For one thread.
 */
final class Ration {
  static final int LINES = 100;
  static final long WINDOW_NANOS = 10_000_000_000L;

  private final LongSupplier nanos;
  private final Map<String, Integer> withheld = new TreeMap<>();
  private long began;
  private int told;

  Ration(LongSupplier nanos) {
    this.nanos = nanos;
    this.began = nanos.getAsLong();
  }

  /** Whether a line may be told; one that may not is counted under its words. */
  boolean allows(String words) {
    if (told < LINES) {
      told++;
      return true;
    }
    withheld.merge(words, 1, Integer::sum);
    return false;
  }

  /**
   * What was not told one by one, by its words, once the window is over; then the next one begins.
   *
   * @param now whether it is over at once
   */
  Map<String, Integer> left(boolean now) {
    if (!now && nanos.getAsLong() - began < WINDOW_NANOS) {
      return Map.of();
    }
    began = nanos.getAsLong();
    told = 0;
    Map<String, Integer> left = new TreeMap<>(withheld);
    withheld.clear();
    return left;
  }
}
