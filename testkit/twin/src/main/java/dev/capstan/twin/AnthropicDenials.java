package dev.capstan.twin;

import dev.capstan.kernel.Json;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** Anthropic's errors: {@code {"type":"error","error":{type,message},"request_id"}}. */
final class AnthropicDenials {
  private final InstantSource clock;

  AnthropicDenials(InstantSource clock) {
    this.clock = clock;
  }

  Desk.Refused deny(Denial denial, Ask ask, Mishap.@Nullable Retry retry) {
    Map<String, String> headers = RetryHeaders.anthropic(retry, clock.instant());
    headers.put("request-id", "req_twin");
    return switch (denial) {
      case RATE_LIMIT, TOKEN_RATE_LIMIT, SLOW_DOWN, DAILY_QUOTA ->
          error(headers, 429, "rate_limit_error", "This would exceed your rate limit");
      case SPEND_LIMIT -> spendLimit(headers);
      case NO_QUOTA, NO_CREDIT ->
          error(
              headers,
              400,
              "invalid_request_error",
              "Your credit balance is too low to access the Anthropic API. Please go to Plans &"
                  + " Billing to upgrade or purchase credits.");
      case PAYMENT_REQUIRED -> error(headers, 402, "billing_error", "There is a billing issue");
      case BAD_KEY -> error(headers, 401, "authentication_error", "invalid x-api-key " + ask.key());
      case NO_PERMISSION -> error(headers, 403, "permission_error", "Your key may not do this");
      case UNKNOWN_MODEL -> error(headers, 404, "not_found_error", "model: " + ask.model());
      case TOO_LONG ->
          error(
              headers,
              400,
              "invalid_request_error",
              "prompt is too long: 208310 tokens > 200000 maximum");
      case TOO_LARGE ->
          error(headers, 413, "request_too_large", "Request exceeds the maximum size");
      case UNPROCESSABLE ->
          error(headers, 422, "invalid_request_error", "This could not be processed");
      case CONTENT_FILTER ->
          error(
              headers, 400, "invalid_request_error", "Output blocked by content filtering policy");
      case REQUEST_TIMEOUT -> error(headers, 408, "timeout_error", "The request timed out");
      case CONFLICT -> error(headers, 409, "conflict_error", "There was a conflict");
      case SERVER_ERROR -> error(headers, 500, "api_error", "Internal server error");
      case BAD_GATEWAY -> Desk.Refused.page(502, "Bad Gateway");
      case GATEWAY_TIMEOUT -> Desk.Refused.page(504, "Gateway Time-out");
      case UNAVAILABLE -> error(headers, 503, "api_error", "The service is unavailable");
      case OVERLOADED -> error(headers, 529, "overloaded_error", "Overloaded");
      case BAD_REQUEST -> error(headers, 400, "invalid_request_error", "The request is not valid");
    };
  }

  private static Desk.Refused spendLimit(Map<String, String> headers) {
    headers.remove("retry-after");
    ObjectNode body = bodyNode("rate_limit_error", "The spend limit was reached");
    ((ObjectNode) body.path("error"))
        .putObject("details")
        .put("error_code", "enforced_spend_limit_reached");
    return Desk.Refused.json(429, headers, body.toString());
  }

  static Desk.Refused mistake(String message) {
    return error(Map.of("request-id", "req_twin"), 400, "invalid_request_error", message);
  }

  static Desk.Refused wrongKey() {
    return error(Map.of(), 401, "authentication_error", "x-api-key header is required");
  }

  private static Desk.Refused error(
      Map<String, String> headers, int status, String type, String message) {
    return Desk.Refused.json(status, headers, bodyNode(type, message).toString());
  }

  static ObjectNode bodyNode(String type, String message) {
    ObjectNode body = Json.object().put("type", "error");
    body.putObject("error").put("type", type).put("message", message);
    return body.put("request_id", "req_twin");
  }
}
