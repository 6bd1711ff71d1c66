package dev.capstan.engine;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.document.Durations;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import tools.jackson.databind.JsonNode;

/** Reads what a {@code wait} step was told to wait for. */
final class WaitTime {
  private WaitTime() {}

  /**
   * A number of seconds, a duration, or an instant. Throws a {@link dev.capstan.kernel.Refusal} of
   * {@code expression_failed}.
   */
  static Instant from(JsonNode value, Instant now) {
    try {
      if (value.isNumber()) {
        return now.plus(Duration.ofMillis(value.decimalValue().movePointRight(3).longValueExact()));
      }
      if (value.isString()) {
        String text = value.stringValue();
        return text.length() > 9 && text.charAt(4) == '-'
            ? OffsetDateTime.parse(text).toInstant()
            : now.plus(Durations.read(text).orElseThrow(() -> refused(value).refusal()));
      }
    } catch (DateTimeException | ArithmeticException | dev.capstan.kernel.Refusal unreadable) {
      throw refused(value).refusal();
    }
    throw refused(value).refusal();
  }

  private static Problem refused(JsonNode value) {
    return Problem.of(
        ProblemCode.EXPRESSION_FAILED,
        "a step waits for a number of seconds, a duration such as 90s or an instant such as"
            + " 2026-12-24T18:00:00Z, not for "
            + value);
  }
}
