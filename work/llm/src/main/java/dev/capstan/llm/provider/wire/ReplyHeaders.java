package dev.capstan.llm.provider.wire;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.MessageHeaders;
import org.jspecify.annotations.Nullable;

/** What a vendor says in its headers about when to come back. */
public final class ReplyHeaders {
  private static final Pattern GO_DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|h|m|s)");
  private static final double LONGEST_SECONDS = 366 * 86_400.0;

  private final @Nullable MessageHeaders headers;
  private final InstantSource clock;

  /** Those of an error in the middle of a stream. */
  public static final ReplyHeaders NONE = new ReplyHeaders(null, () -> Instant.EPOCH);

  ReplyHeaders(@Nullable MessageHeaders headers, InstantSource clock) {
    this.headers = headers;
    this.clock = clock;
  }

  public @Nullable String first(String name) {
    Header header = headers == null ? null : headers.getFirstHeader(name);
    return header == null ? null : header.getValue();
  }

  /** {@code retry-after-ms}, or {@code Retry-After} in seconds or as a date. */
  public @Nullable Duration retryAfter() {
    Duration millis = ofNumber(first("retry-after-ms"), 0.001);
    if (millis != null) {
      return millis;
    }
    String text = first("retry-after");
    Duration seconds = ofNumber(text, 1);
    return seconds != null || text == null ? seconds : untilDate(text);
  }

  private @Nullable Duration untilDate(String text) {
    try {
      return until(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException noDate) {
      return null;
    }
  }

  /** A reset told as an instant of RFC 3339. */
  public @Nullable Duration untilInstant(String name) {
    String text = first(name);
    if (text == null) {
      return null;
    }
    try {
      return until(Instant.parse(text));
    } catch (DateTimeException noInstant) {
      return null;
    }
  }

  private Duration until(Instant instant) {
    Duration left = Duration.between(clock.instant(), instant);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** A reset told as {@code 6m0s}, {@code 1.5s} or {@code 20ms}. */
  public @Nullable Duration asGoDuration(String name) {
    String text = first(name);
    return text == null ? null : goDuration(text);
  }

  /** {@code 6m0s}, {@code 1.5s}, {@code 20ms}; null for anything else. */
  public static @Nullable Duration goDuration(String text) {
    Matcher parts = GO_DURATION.matcher(text);
    Duration sum = Duration.ZERO;
    int read = 0;
    while (read < text.length() && parts.find(read) && parts.start() == read) {
      Duration part = ofNumber(parts.group(1), seconds(parts.group(2)));
      if (part == null) {
        return null;
      }
      sum = sum.plus(part);
      read = parts.end();
    }
    return read > 0 && read == text.length() ? sum : null;
  }

  private static double seconds(String unit) {
    return switch (unit) {
      case "ms" -> 0.001;
      case "m" -> 60;
      case "h" -> 3600;
      default -> 1;
    };
  }

  private static @Nullable Duration ofNumber(@Nullable String text, double seconds) {
    if (text == null) {
      return null;
    }
    try {
      double number = Double.parseDouble(text.strip()) * seconds;
      if (!(number >= 0)) {
        return null;
      }
      return Duration.ofNanos((long) (Math.min(number, LONGEST_SECONDS) * 1e9));
    } catch (NumberFormatException noNumber) {
      return null;
    }
  }
}
