package dev.capstan.twin;

import dev.capstan.kernel.Json;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** OpenAI's errors: {@code {"error":{message,type,param,code}}}. */
final class OpenAiDenials {
  private final InstantSource clock;

  OpenAiDenials(InstantSource clock) {
    this.clock = clock;
  }

  Desk.Refused deny(Denial denial, Ask ask, Mishap.@Nullable Retry retry) {
    Map<String, String> headers = RetryHeaders.openAi(retry, clock.instant());
    headers.put("x-request-id", "req_twin");
    return switch (denial) {
      case RATE_LIMIT, DAILY_QUOTA ->
          error(headers, 429, "requests", "rate_limit_exceeded", "Rate limit reached on requests");
      case TOKEN_RATE_LIMIT ->
          error(headers, 429, "tokens", "rate_limit_exceeded", "Rate limit reached on tokens");
      case SLOW_DOWN -> error(headers, 429, "requests", "slow_down", "Slow down");
      case NO_QUOTA ->
          error(
              headers, 429, "insufficient_quota", "insufficient_quota", "You exceeded your quota");
      case NO_CREDIT ->
          error(headers, 429, "insufficient_quota", "credit_balance_exhausted", "No credit left");
      case SPEND_LIMIT ->
          error(
              headers,
              429,
              "insufficient_quota",
              "project_spend_limit_exceeded",
              "The project's spend limit was reached");
      case PAYMENT_REQUIRED -> error(headers, 402, "billing_error", null, "Payment required");
      case BAD_KEY ->
          error(
              headers,
              401,
              "invalid_request_error",
              "invalid_api_key",
              "Incorrect API key provided: " + ask.key());
      case NO_PERMISSION ->
          error(headers, 403, "permission_error", null, "You have no access to this");
      case UNKNOWN_MODEL ->
          error(
              headers,
              404,
              "invalid_request_error",
              "model_not_found",
              "The model `" + ask.model() + "` does not exist");
      case TOO_LONG ->
          error(
              headers,
              400,
              "invalid_request_error",
              "context_length_exceeded",
              "This model's maximum context length is 128000 tokens");
      default -> rest(denial, headers);
    };
  }

  private static Desk.Refused rest(Denial denial, Map<String, String> headers) {
    return switch (denial) {
      case TOO_LARGE ->
          error(headers, 413, "invalid_request_error", null, "The request is too large");
      case UNPROCESSABLE ->
          error(headers, 422, "invalid_request_error", null, "This could not be processed");
      case CONTENT_FILTER ->
          error(
              headers,
              400,
              "invalid_request_error",
              "content_filter",
              "The response was filtered by the content management policy");
      case REQUEST_TIMEOUT -> error(headers, 408, "timeout", null, "The request timed out");
      case CONFLICT -> error(headers, 409, "conflict", null, "There was a conflict");
      case SERVER_ERROR ->
          error(headers, 500, "server_error", null, "The server had an error; sorry about that");
      case BAD_GATEWAY -> Desk.Refused.page(502, "Bad Gateway");
      case GATEWAY_TIMEOUT -> Desk.Refused.page(504, "Gateway Time-out");
      case UNAVAILABLE ->
          error(headers, 503, "server_error", "unavailable", "The service is unavailable");
      case OVERLOADED ->
          error(headers, 503, "server_error", "server_overloaded", "The engine is overloaded");
      default -> error(headers, 400, "invalid_request_error", null, "The request is not valid");
    };
  }

  /** The caller's mistake, with the parameter that it is in. */
  static Desk.Refused mistake(String message) {
    return error(Map.of("x-request-id", "req_twin"), 400, "invalid_request_error", null, message);
  }

  static Desk.Refused wrongKey(Ask ask) {
    return error(
        Map.of(),
        401,
        "invalid_request_error",
        "invalid_api_key",
        "You didn't provide an API key" + ask.key());
  }

  private static Desk.Refused error(
      Map<String, String> headers, int status, String type, @Nullable String code, String message) {
    return Desk.Refused.json(status, headers, body(type, code, message));
  }

  static String body(String type, @Nullable String code, String message) {
    ObjectNode error = Json.object().put("message", message).put("type", type);
    error.putNull("param");
    error.put("code", code);
    ObjectNode body = Json.object();
    body.set("error", error);
    return body.toString();
  }
}
