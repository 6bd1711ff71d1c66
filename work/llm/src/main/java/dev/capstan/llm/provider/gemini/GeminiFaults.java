package dev.capstan.llm.provider.gemini;

import static dev.capstan.llm.provider.wire.Words.count;
import static dev.capstan.llm.provider.wire.Words.mention;
import static dev.capstan.llm.provider.wire.Words.text;

import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.wire.ReplyHeaders;
import dev.capstan.llm.provider.wire.StatusKinds;
import dev.capstan.llm.provider.wire.WireFault;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What Google's errors mean: the details say what the status does not. */
final class GeminiFaults {
  private GeminiFaults() {}

  static WireFault of(int status, JsonNode body, ReplyHeaders headers) {
    // Without alt=sse even an error may come as the one element of an array.
    JsonNode error = (body.isArray() ? body.path(0) : body).path("error");
    int code = status == 0 ? (int) count(error, "code") : status;
    String word = text(error, "status");
    String message = text(error, "message");
    Quota quota = quota(error, message);
    FaultKind kind = quota.spent ? FaultKind.BILLING : kind(code, word, message, error);
    Duration pause = kind == FaultKind.BILLING ? null : pause(error, headers);
    String detail = message.isEmpty() ? "the vendor answered " + status : message;
    return WireFault.refused(kind, status, quota.id.isEmpty() ? word : quota.id, detail)
        .after(pause);
  }

  /**
   * Which quota it was.
   *
   * @param spent whether waiting for it is useless: it is zero, of a whole day, or of money
   */
  private record Quota(String id, boolean spent) {}

  private static Quota quota(JsonNode error, String message) {
    String id = "";
    boolean spent = false;
    for (JsonNode detail : error.path("details")) {
      for (JsonNode violation : detail.path("violations")) {
        id = text(violation, "quotaId");
        spent |= mention(id, "perday") || text(violation, "quotaValue").equals("0");
      }
    }
    boolean exhausted = text(error, "status").equals("RESOURCE_EXHAUSTED");
    boolean ofMoney =
        exhausted
            && id.isEmpty()
            && mention(message, "billing", "spending cap", "spend limit", "prepay", "credit");
    return new Quota(id, spent || ofMoney);
  }

  private static FaultKind kind(int code, String word, String message, JsonNode error) {
    if (hasReason(error, "API_KEY_INVALID") || word.equals("UNAUTHENTICATED")) {
      return FaultKind.AUTHENTICATION;
    }
    if (word.equals("INVALID_ARGUMENT")
        && mention(message, "token count", "exceeds the maximum number of tokens")) {
      return FaultKind.TOO_LONG;
    }
    if (word.equals("FAILED_PRECONDITION") && code == 400) {
      // The project may not ask from where it is, or not without billing: not the caller's matter.
      return mention(message, "billing") ? FaultKind.BILLING : FaultKind.AUTHENTICATION;
    }
    return StatusKinds.of(code);
  }

  private static boolean hasReason(JsonNode error, String reason) {
    for (JsonNode detail : error.path("details")) {
      if (text(detail, "reason").equals(reason)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Duration pause(JsonNode error, ReplyHeaders headers) {
    for (JsonNode detail : error.path("details")) {
      Duration delay = ReplyHeaders.goDuration(text(detail, "retryDelay"));
      if (delay != null) {
        return delay;
      }
    }
    return headers.retryAfter();
  }
}
