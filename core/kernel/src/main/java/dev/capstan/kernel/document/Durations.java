package dev.capstan.kernel.document;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Lengths of time as people write them: {@code 90s}, {@code 1m30s}, {@code 250ms}, {@code 2h},
 * {@code 3d}, ISO 8601 ({@code PT5M}, {@code P3D}), or a number of seconds.
 */
public final class Durations {
  /** What can be written, for messages. */
  public static final String FORMS =
      "such as 90s, 1m30s, 250ms, 2h, 3d, PT5M or a number of seconds";

  private static final Duration LONGEST = Duration.ofDays(36_500);
  private static final int LONGEST_TEXT = 40;
  private static final Pattern PARTS =
      Pattern.compile(
          "(?:(\\d{1,9})d)? ?(?:(\\d{1,9})h)? ?(?:(\\d{1,9})m)? ?"
              + "(?:(\\d{1,10}(?:\\.\\d{1,9})?)s)? ?(?:(\\d{1,12})ms)?");

  private Durations() {}

  /** Empty when it is no duration, is negative, or is longer than a hundred years. */
  public static Optional<Duration> read(JsonNode value) {
    if (value.isNumber()) {
      return seconds(value.decimalValue());
    }
    return value.isString() ? read(value.stringValue()) : Optional.empty();
  }

  /** As {@link #read(JsonNode)}. */
  public static Optional<Duration> read(String text) {
    String trimmed = text.strip();
    if (trimmed.isEmpty() || trimmed.length() > LONGEST_TEXT) {
      return Optional.empty();
    }
    if (trimmed.startsWith("P") || trimmed.startsWith("p")) {
      return iso(trimmed);
    }
    Matcher parts = PARTS.matcher(trimmed);
    if (!parts.matches()) {
      return trimmed.matches("\\d{1,10}(\\.\\d{1,9})?")
          ? seconds(new BigDecimal(trimmed))
          : Optional.empty();
    }
    Duration sum =
        Duration.ofDays(number(parts.group(1)))
            .plusHours(number(parts.group(2)))
            .plusMinutes(number(parts.group(3)))
            .plusMillis(number(parts.group(5)));
    Optional<Duration> seconds =
        parts.group(4) == null
            ? Optional.of(Duration.ZERO)
            : seconds(new BigDecimal(parts.group(4)));
    return seconds.map(sum::plus).filter(Durations::fits);
  }

  private static long number(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static Optional<Duration> iso(String text) {
    try {
      return Optional.of(Duration.parse(text)).filter(Durations::fits);
    } catch (DateTimeException | ArithmeticException noDuration) {
      return Optional.empty();
    }
  }

  private static Optional<Duration> seconds(BigDecimal seconds) {
    if (seconds.signum() < 0
        || seconds.precision() - seconds.scale() > 12
        || seconds.scale() > 1_000) {
      return Optional.empty();
    }
    BigDecimal nanos = seconds.movePointRight(9).setScale(0, RoundingMode.HALF_UP);
    return nanos.precision() > 19
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(0, nanos.longValue())).filter(Durations::fits);
  }

  private static boolean fits(Duration duration) {
    return !duration.isNegative() && duration.compareTo(LONGEST) <= 0;
  }

  /** Canonical text that {@link #read} reads back. */
  public static String write(Duration duration) {
    return duration.toString();
  }
}
