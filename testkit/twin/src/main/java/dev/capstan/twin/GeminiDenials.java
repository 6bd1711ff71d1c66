package dev.capstan.twin;

import dev.capstan.kernel.Json;
import java.time.InstantSource;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Gemini's errors: {@code {"error":{code,message,status,details[]}}}. */
final class GeminiDenials {
  private static final String RPC = "type.googleapis.com/google.rpc.";
  private final InstantSource clock;

  GeminiDenials(InstantSource clock) {
    this.clock = clock;
  }

  Desk.Refused deny(Denial denial, Ask ask, Mishap.@Nullable Retry retry) {
    Map<String, String> headers = RetryHeaders.plain(retry, clock.instant());
    return switch (denial) {
      case RATE_LIMIT, SLOW_DOWN ->
          quota(headers, "GenerateRequestsPerMinutePerProjectPerModel", "60", retry);
      case TOKEN_RATE_LIMIT ->
          quota(headers, "GenerateContentInputTokensPerModelPerMinute", "250000", retry);
      case DAILY_QUOTA ->
          quota(headers, "GenerateRequestsPerDayPerProjectPerModel-FreeTier", "250", retry);
      case NO_QUOTA ->
          quota(headers, "GenerateRequestsPerMinutePerProjectPerModel-FreeTier", "0", retry);
      case NO_CREDIT ->
          error(
              headers,
              429,
              "RESOURCE_EXHAUSTED",
              "Your prepayment credits are depleted. Please manage your project's billing.");
      case SPEND_LIMIT ->
          error(
              headers,
              429,
              "RESOURCE_EXHAUSTED",
              "Your project has exceeded its monthly spending cap. See billing.");
      case PAYMENT_REQUIRED ->
          error(headers, 402, "FAILED_PRECONDITION", "Payment is required for this project");
      case BAD_KEY -> wrongKey(ask.key());
      case NO_PERMISSION ->
          error(headers, 403, "PERMISSION_DENIED", "The caller does not have permission");
      case UNKNOWN_MODEL ->
          error(
              headers,
              404,
              "NOT_FOUND",
              "models/" + ask.model() + " is not found for API version v1beta");
      case TOO_LONG ->
          error(
              headers,
              400,
              "INVALID_ARGUMENT",
              "The input token count (1200000) exceeds the maximum number of tokens allowed"
                  + " (1048576).");
      default -> rest(denial, headers);
    };
  }

  private static Desk.Refused rest(Denial denial, Map<String, String> headers) {
    return switch (denial) {
      case TOO_LARGE ->
          error(headers, 413, "INVALID_ARGUMENT", "Request payload size exceeds the limit");
      case UNPROCESSABLE -> error(headers, 422, "INVALID_ARGUMENT", "This could not be processed");
      case CONTENT_FILTER -> blocked();
      case REQUEST_TIMEOUT -> error(headers, 408, "DEADLINE_EXCEEDED", "The request timed out");
      case CONFLICT -> error(headers, 409, "ABORTED", "The operation was aborted");
      case SERVER_ERROR -> error(headers, 500, "INTERNAL", "An internal error has occurred");
      case BAD_GATEWAY -> Desk.Refused.page(502, "Bad Gateway");
      case GATEWAY_TIMEOUT ->
          error(headers, 504, "DEADLINE_EXCEEDED", "Deadline expired before completion");
      case UNAVAILABLE -> error(headers, 503, "UNAVAILABLE", "The service is unavailable");
      case OVERLOADED ->
          error(headers, 503, "UNAVAILABLE", "The model is overloaded. Please try again later.");
      default -> error(headers, 400, "INVALID_ARGUMENT", "The request is not valid");
    };
  }

  /** Not an error to Google: status 200, no candidates, and a reason. */
  private static Desk.Refused blocked() {
    ObjectNode body = Json.object();
    body.putObject("promptFeedback").put("blockReason", "PROHIBITED_CONTENT");
    body.putObject("usageMetadata").put("promptTokenCount", 8).put("totalTokenCount", 8);
    return Desk.Refused.json(200, Map.of(), body.put("modelVersion", "twin").toString());
  }

  private static Desk.Refused quota(
      Map<String, String> headers, String quotaId, String value, Mishap.@Nullable Retry retry) {
    ObjectNode body =
        body(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota. limit: " + value);
    ArrayNode details = details(body);
    details
        .addObject()
        .put("@type", RPC + "QuotaFailure")
        .putArray("violations")
        .addObject()
        .put("quotaMetric", "generativelanguage.googleapis.com/generate_content_requests")
        .put("quotaId", quotaId)
        .put("quotaValue", value);
    details.addObject().put("@type", RPC + "Help").putArray("links");
    if (retry != null) {
      long millis = retry.in().toMillis();
      String delay = millis % 1000 == 0 ? millis / 1000 + "s" : millis / 1000.0 + "s";
      details.addObject().put("@type", RPC + "RetryInfo").put("retryDelay", delay);
    }
    return Desk.Refused.json(429, headers, body.toString());
  }

  static Desk.Refused wrongKey(String key) {
    ObjectNode body =
        body(
            400,
            "INVALID_ARGUMENT",
            "API key not valid. Please pass a valid API key. You sent " + key);
    details(body)
        .addObject()
        .put("@type", RPC + "ErrorInfo")
        .put("reason", "API_KEY_INVALID")
        .put("domain", "googleapis.com");
    return Desk.Refused.json(400, Map.of(), body.toString());
  }

  static Desk.Refused mistake(String message) {
    return error(Map.of(), 400, "INVALID_ARGUMENT", message);
  }

  private static Desk.Refused error(
      Map<String, String> headers, int status, String word, String message) {
    return Desk.Refused.json(status, headers, body(status, word, message).toString());
  }

  static ObjectNode body(int status, String word, String message) {
    ObjectNode body = Json.object();
    body.putObject("error").put("code", status).put("message", message).put("status", word);
    return body;
  }

  private static ArrayNode details(ObjectNode body) {
    return ((ObjectNode) body.path("error")).putArray("details");
  }
}
