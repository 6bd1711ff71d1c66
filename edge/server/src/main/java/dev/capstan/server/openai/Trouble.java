package dev.capstan.server.openai;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.llm.Told;
import dev.capstan.server.http.Answer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A problem as OpenAI's clients know it: {@code {"error":{message,type,param,code}}}, with the
 * status that makes them do what is right.
 *
 * @param param the field that is to blame, if one is
 * @param retryAfter when it is worth asking again, if anybody said
 * @param hopeless whether asking again cannot help, although the status looks as if it could
 */
record Trouble(
    int status,
    String type,
    String code,
    @Nullable String param,
    String message,
    @Nullable Duration retryAfter,
    boolean hopeless) {
  private static final String CALLER = "invalid_request_error";
  private static final String SERVER = "server_error";

  static Trouble of(Problem problem) {
    return of(problem, null);
  }

  /** Of a call that the gateway passed on, or did not. */
  static Trouble of(Told.Failed failed) {
    return of(failed.problem(), failed.retryAfter());
  }

  private static Trouble of(Problem problem, @Nullable Duration retryAfter) {
    return switch (problem.code()) {
      case NOT_FOUND -> made(404, CALLER, "model_not_found", problem, null);
      case TOO_LARGE -> made(400, CALLER, "context_length_exceeded", problem, null);
      case REJECTED -> made(400, CALLER, "content_policy_violation", problem, null);
      case LIMIT_REACHED ->
          new Trouble(
              429, "insufficient_quota", "insufficient_quota", null, problem.detail(), null, true);
      case TOO_MANY_REQUESTS -> made(429, "requests", "rate_limit_exceeded", problem, retryAfter);
      default -> byStatus(problem, retryAfter);
    };
  }

  /** Of an address that leads nowhere. */
  static Trouble unknown(String message) {
    return new Trouble(404, CALLER, "unknown_url", null, message, null, false);
  }

  /** Of a request that was refused before anybody looked at what it asks. */
  static Trouble ofRequest(Problem problem) {
    return problem.code() == ProblemCode.TOO_LARGE ? byStatus(problem, null) : of(problem);
  }

  private static Trouble byStatus(Problem problem, @Nullable Duration retryAfter) {
    ProblemCode code = problem.code();
    String type =
        switch (code) {
          case FORBIDDEN -> "permission_error";
          default -> code.httpStatus() < 500 ? CALLER : SERVER;
        };
    return made(code.httpStatus(), type, code.wireName(), problem, retryAfter);
  }

  private static Trouble made(
      int status, String type, String code, Problem problem, @Nullable Duration retryAfter) {
    String param =
        problem.mistakes().isEmpty() || problem.mistakes().getFirst().path().isEmpty()
            ? null
            : problem.mistakes().getFirst().path();
    return new Trouble(status, type, code, param, problem.detail(), retryAfter, false);
  }

  ObjectNode json() {
    ObjectNode error = Json.object().put("message", message).put("type", type);
    return Json.object().set("error", error.put("param", param).put("code", code));
  }

  Answer.Body answer() {
    Answer.Body answer = Answer.json(status, json());
    if (hopeless) {
      // OpenAI's own clients would ask again for any 429.
      answer.with("x-should-retry", "false");
    }
    if (status == 429 && !hopeless) {
      answer.with("x-ratelimit-remaining-requests", "0");
    }
    Duration pause = retryAfter == null && status == 503 ? Duration.ofSeconds(1) : retryAfter;
    if (pause != null) {
      answer.with("Retry-After", Long.toString(Math.max(1, pause.plusMillis(999).toSeconds())));
      answer.with("retry-after-ms", Long.toString(Math.max(1, pause.toMillis())));
      if (status == 429) {
        answer.with("x-ratelimit-reset-requests", pause.toMillis() + "ms");
      }
    }
    return answer;
  }
}
