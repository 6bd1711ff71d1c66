package dev.capstan.llm.limit;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/** Limits in words. */
final class Limits {
  private static final DateTimeFormatter TODAY =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter LATER =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  private Limits() {}

  /** {@code openai tokens/min, free at 12:00:03}. */
  static String waitingFor(Limit limit, Instant since, @Nullable Instant freeAt) {
    String what = limit.key() + " " + rate(limit);
    if (freeAt == null) {
      return what;
    }
    boolean soon = Duration.between(since, freeAt).compareTo(Duration.ofHours(12)) < 0;
    return what + ", free at " + (soon ? TODAY : LATER).format(freeAt);
  }

  private static String rate(Limit limit) {
    if (limit.unit() == Limit.Unit.CONCURRENT) {
      return "calls at once";
    }
    return limit.unit().wireName() + "/" + length(limit.window());
  }

  private static String length(Duration window) {
    if (window.equals(Duration.ofMinutes(1))) {
      return "min";
    }
    if (window.equals(Duration.ofHours(1))) {
      return "h";
    }
    return window.equals(Duration.ofDays(1)) ? "day" : window.toString();
  }
}
