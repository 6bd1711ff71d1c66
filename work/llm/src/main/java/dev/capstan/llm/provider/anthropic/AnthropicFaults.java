package dev.capstan.llm.provider.anthropic;

import static dev.capstan.llm.provider.wire.Words.mention;
import static dev.capstan.llm.provider.wire.Words.text;

import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.wire.ReplyHeaders;
import dev.capstan.llm.provider.wire.StatusKinds;
import dev.capstan.llm.provider.wire.WireFault;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What Anthropic's errors mean. */
final class AnthropicFaults {
  private AnthropicFaults() {}

  static WireFault of(int status, JsonNode body, ReplyHeaders headers) {
    JsonNode error = body.path("error");
    String type = text(error, "type");
    String message = text(error, "message");
    String detailed = text(error.path("details"), "error_code");
    // A spend limit calls itself a rate limit, and has no end that could be waited for.
    FaultKind kind =
        detailed.equals("enforced_spend_limit_reached")
            ? FaultKind.BILLING
            : kind(status, type, message);
    String detail = message.isEmpty() ? "the vendor answered " + status : message;
    return WireFault.refused(kind, status, detailed.isEmpty() ? type : detailed, detail)
        .after(pause(kind, headers));
  }

  private static FaultKind kind(int status, String type, String message) {
    return switch (type) {
      case "rate_limit_error" -> FaultKind.RATE_LIMITED;
      case "overloaded_error" -> FaultKind.OVERLOADED;
      case "billing_error" -> FaultKind.BILLING;
      case "authentication_error", "permission_error" -> FaultKind.AUTHENTICATION;
      case "not_found_error" -> FaultKind.NO_SUCH_MODEL;
      case "request_too_large" -> FaultKind.TOO_LONG;
      case "timeout_error" -> FaultKind.TIMED_OUT;
      case "api_error" -> status == 0 ? FaultKind.SERVER_ERROR : StatusKinds.of(status);
      case "invalid_request_error" -> ofTheRequest(status, message);
      default -> status == 0 ? FaultKind.SERVER_ERROR : StatusKinds.of(status);
    };
  }

  /** One type for what the caller did wrong, and for three things that it did not. */
  private static FaultKind ofTheRequest(int status, String message) {
    if (mention(message, "credit balance is too low", "usage limits")) {
      return FaultKind.BILLING;
    }
    if (mention(message, "prompt is too long", "exceed context limit", "context window")) {
      return FaultKind.TOO_LONG;
    }
    if (mention(message, "content filtering policy")) {
      return FaultKind.CONTENT_REFUSED;
    }
    return status == 0 ? FaultKind.CALLERS_MISTAKE : StatusKinds.of(status);
  }

  private static @Nullable Duration pause(FaultKind kind, ReplyHeaders headers) {
    Duration said = headers.retryAfter();
    if (said != null || kind != FaultKind.RATE_LIMITED) {
      return kind == FaultKind.BILLING ? null : said;
    }
    Duration longest = null;
    for (String what : List.of("requests", "tokens", "input-tokens", "output-tokens")) {
      String left = headers.first("anthropic-ratelimit-" + what + "-remaining");
      Duration reset = headers.untilInstant("anthropic-ratelimit-" + what + "-reset");
      boolean isWhatIsMissing = left != null && left.strip().equals("0");
      if (isWhatIsMissing && reset != null && (longest == null || reset.compareTo(longest) > 0)) {
        longest = reset;
      }
    }
    return longest;
  }
}
