package dev.capstan.twin;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The ways in which vendors say when to come back. */
final class RetryHeaders {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private RetryHeaders() {}

  static Map<String, String> openAi(Mishap.@Nullable Retry retry, Instant now) {
    Map<String, String> headers = plain(retry, now);
    if (retry != null && isVendors(retry)) {
      headers.put("x-ratelimit-limit-requests", "60");
      headers.put("x-ratelimit-remaining-requests", "0");
      headers.put("x-ratelimit-reset-requests", goDuration(retry.in()));
      headers.put("x-ratelimit-limit-tokens", "150000");
      headers.put("x-ratelimit-remaining-tokens", "149984");
      headers.put("x-ratelimit-reset-tokens", "6ms");
    }
    return headers;
  }

  static Map<String, String> anthropic(Mishap.@Nullable Retry retry, Instant now) {
    Map<String, String> headers = plain(retry, now);
    if (retry != null && isVendors(retry)) {
      headers.put("anthropic-ratelimit-requests-limit", "50");
      headers.put("anthropic-ratelimit-requests-remaining", "0");
      headers.put("anthropic-ratelimit-requests-reset", now.plus(retry.in()).toString());
      headers.put("anthropic-ratelimit-input-tokens-limit", "30000");
      headers.put("anthropic-ratelimit-input-tokens-remaining", "29000");
      headers.put("anthropic-ratelimit-input-tokens-reset", now.toString());
    }
    return headers;
  }

  /** What every vendor may send. */
  static Map<String, String> plain(Mishap.@Nullable Retry retry, Instant now) {
    Map<String, String> headers = new HashMap<>();
    if (retry != null) {
      switch (retry.form()) {
        case SECONDS -> headers.put("retry-after", Long.toString(retry.in().toSeconds()));
        case DATE -> headers.put("retry-after", HTTP_DATE.format(now.plus(retry.in())));
        case MILLIS -> headers.put("retry-after-ms", Long.toString(retry.in().toMillis()));
        case RESET_HEADERS, BODY -> {}
      }
    }
    return headers;
  }

  private static boolean isVendors(Mishap.Retry retry) {
    return retry.form() == Mishap.Form.RESET_HEADERS || retry.form() == Mishap.Form.BODY;
  }

  /** {@code 6m0s}, {@code 1.5s}, {@code 20ms}, as OpenAI writes it. */
  private static String goDuration(Duration in) {
    if (in.toMillis() < 1_000) {
      return in.toMillis() + "ms";
    }
    String seconds =
        in.toMillisPart() == 0
            ? in.toSecondsPart() + "s"
            : in.toSecondsPart() + "." + "%03d".formatted(in.toMillisPart()) + "s";
    return (in.toHours() > 0 ? in.toHours() + "h" : "")
        + (in.toMinutes() > 0 ? in.toMinutesPart() + "m" : "")
        + seconds;
  }
}
