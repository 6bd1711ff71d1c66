package dev.capstan.llm.limit;

import java.time.Duration;
import java.util.Locale;

/**
 * At most so much in any window of this length.
 *
 * @param key whose limit it is: {@code provider openai-main}, {@code tenant acme}
 * @param most at least 1
 * @param window zero for {@link Unit#CONCURRENT}
 */
public record Limit(String key, Unit unit, long most, Duration window) {
  /** What is counted. */
  public enum Unit {
    REQUESTS,
    TOKENS,
    CONCURRENT;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How much of it a call of so many tokens takes. */
  long amount(long tokens) {
    return unit == Unit.TOKENS ? tokens : 1;
  }

  /** For people: {@code provider openai-main: tokens per 1 min}. */
  @Override
  public String toString() {
    return key + ": " + unit.wireName() + (window.isZero() ? "" : " per " + window);
  }
}
