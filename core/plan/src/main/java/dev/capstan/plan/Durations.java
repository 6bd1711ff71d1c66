package dev.capstan.plan;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Durations as people write them: {@code 250ms}, {@code 90s}, {@code 1m30s}, {@code 2h}, {@code
 * 3d}, or ISO 8601 ({@code PT5M}).
 */
public final class Durations {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:(\\d{1,6})d)?(?:(\\d{1,8})h)?(?:(\\d{1,9})m)?(?:(\\d{1,10})(?:\\.(\\d{1,3}))?s)?(?:(\\d{1,13})ms)?");
  private static final int LONGEST = 40;

  /** No duration in a plan is longer: 100 years. */
  public static final Duration MOST = Duration.ofDays(36_525);

  private Durations() {}

  /**
   * Throws a {@link Refusal} of {@code invalid_request} when the text is no duration or is longer
   * than {@link #MOST}.
   */
  public static Duration parse(String text) {
    String trimmed = text.strip();
    if (trimmed.isEmpty() || trimmed.length() > LONGEST) {
      throw refusal(text);
    }
    Duration duration = trimmed.startsWith("P") ? iso(trimmed) : units(trimmed);
    if (duration.isNegative() || duration.compareTo(MOST) > 0) {
      throw refusal(text);
    }
    return duration;
  }

  private static Duration iso(String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeException | ArithmeticException broken) {
      throw refusal(text);
    }
  }

  private static Duration units(String text) {
    Matcher parts = FORM.matcher(text);
    if (!parts.matches()) {
      throw refusal(text);
    }
    String thousandths = parts.group(5) == null ? "0" : (parts.group(5) + "00").substring(0, 3);
    return Duration.ofDays(number(parts.group(1)))
        .plusHours(number(parts.group(2)))
        .plusMinutes(number(parts.group(3)))
        .plusSeconds(number(parts.group(4)))
        .plusMillis(number(thousandths) + number(parts.group(6)));
  }

  private static long number(@Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  private static Refusal refusal(String text) {
    String shown = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
    return Problem.of(
            ProblemCode.INVALID_REQUEST,
            "'" + shown + "' is no duration; write 250ms, 90s, 1m30s, 2h, 3d or PT5M")
        .refusal();
  }

  /** The shortest form that {@link #parse} reads back to the same duration. */
  public static String format(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    StringBuilder text = new StringBuilder();
    append(text, duration.toDays(), "d");
    append(text, duration.toHoursPart(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.toString();
  }

  private static void append(StringBuilder text, long count, String unit) {
    if (count > 0) {
      text.append(count).append(unit);
    }
  }
}
