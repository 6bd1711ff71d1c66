package dev.capstan.llm.provider.openai;

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

/** What OpenAI's errors mean: by code first, then by type, then by status. */
final class OpenAiFaults {
  private OpenAiFaults() {}

  static WireFault of(int status, JsonNode body, ReplyHeaders headers) {
    JsonNode error = body.path("error").isObject() ? body.path("error") : body;
    String said = text(error, "code");
    String type = text(error, "type");
    String code = said.isEmpty() ? type : said;
    String message = message(error, body);
    FaultKind kind = kind(status, said, type, message);
    String detail = message.isEmpty() ? "the vendor answered " + status : message;
    return WireFault.refused(kind, status, code, detail).after(pause(kind, headers));
  }

  /** Servers that only resemble OpenAI's write it elsewhere, or as a list of what is wrong. */
  private static String message(JsonNode error, JsonNode body) {
    for (JsonNode said : List.of(error.path("message"), body.path("error"), body.path("detail"))) {
      boolean isText = said.isString() && !said.stringValue().isEmpty();
      boolean isList = said.isContainer() && !said.isEmpty() && !said.equals(error);
      if (isText || isList) {
        return isText ? said.stringValue() : said.toString();
      }
    }
    return "";
  }

  private static FaultKind kind(int status, String code, String type, String message) {
    FaultKind byCode =
        switch (code) {
          case "credit_balance_exhausted",
              "insufficient_quota",
              "billing_not_active",
              "billing_hard_limit_reached",
              "organization_spend_limit_exceeded",
              "project_spend_limit_exceeded",
              "organization_usage_limit_exceeded" ->
              FaultKind.BILLING;
          case "rate_limit_exceeded", "slow_down" -> FaultKind.RATE_LIMITED;
          case "invalid_api_key", "account_deactivated" -> FaultKind.AUTHENTICATION;
          case "model_not_found", "DeploymentNotFound" -> FaultKind.NO_SUCH_MODEL;
          case "context_length_exceeded", "string_above_max_length" -> FaultKind.TOO_LONG;
          case "content_filter", "content_policy_violation", "moderation_blocked" ->
              FaultKind.CONTENT_REFUSED;
          case "server_overloaded", "engine_overloaded" -> FaultKind.OVERLOADED;
          default -> null;
        };
    return byCode != null ? byCode : byType(status, type, message);
  }

  private static FaultKind byType(int status, String type, String message) {
    if (type.equals("insufficient_quota") || type.equals("billing_error")) {
      return FaultKind.BILLING;
    }
    if (status == 400 && mention(message, "context length", "maximum context", "too many tokens")) {
      return FaultKind.TOO_LONG;
    }
    if (status != 0) {
      return StatusKinds.of(status);
    }
    return switch (type) {
      case "invalid_request_error", "invalid_prompt" -> FaultKind.CALLERS_MISTAKE;
      case "requests", "tokens", "rate_limit_error" -> FaultKind.RATE_LIMITED;
      case "overloaded_error" -> FaultKind.OVERLOADED;
      default -> FaultKind.SERVER_ERROR;
    };
  }

  private static @Nullable Duration pause(FaultKind kind, ReplyHeaders headers) {
    Duration said = headers.retryAfter();
    if (said != null || kind != FaultKind.RATE_LIMITED) {
      return said;
    }
    Duration longest = null;
    for (String what : List.of("requests", "tokens")) {
      String left = headers.first("x-ratelimit-remaining-" + what);
      Duration reset = headers.asGoDuration("x-ratelimit-reset-" + what);
      boolean isWhatIsMissing = left != null && left.strip().equals("0");
      if (isWhatIsMissing && reset != null && (longest == null || reset.compareTo(longest) > 0)) {
        longest = reset;
      }
    }
    return longest;
  }
}
