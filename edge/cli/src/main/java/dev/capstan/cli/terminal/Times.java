package dev.capstan.cli.terminal;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;

/** Times as people read them. */
public final class Times {
  private static final DateTimeFormatter TODAY =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter OTHER_DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private Times() {}

  /**
   * {@code 34 ms}, {@code 1.2 s}, {@code 45 s}, {@code 3 min 4 s}, {@code 2 h 5 min}, {@code 3 d 4
   * h}.
   */
  public static String length(Duration length) {
    long millis = Math.max(0, length.toMillis());
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 10_000) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
    }
    long seconds = millis / 1_000;
    if (seconds < 60) {
      return seconds + " s";
    }
    if (seconds < 3_600) {
      return seconds / 60 + " min" + rest(seconds % 60, "s");
    }
    if (seconds < 86_400) {
      return seconds / 3_600 + " h" + rest(seconds % 3_600 / 60, "min");
    }
    return seconds / 86_400 + " d" + rest(seconds % 86_400 / 3_600, "h");
  }

  private static String rest(long amount, String unit) {
    return amount == 0 ? "" : " " + amount + " " + unit;
  }

  /** The local time of day, with the date when it is not today's. */
  public static String clock(Instant at, Instant now, ZoneId zone) {
    var local = at.atZone(zone);
    return local.toLocalDate().equals(now.atZone(zone).toLocalDate())
        ? TODAY.format(local)
        : OTHER_DAY.format(local);
  }

  /** An ISO instant as the server writes it; empty when there is none. */
  public static Optional<Instant> parse(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeParseException other) {
      return Optional.empty();
    }
  }
}
