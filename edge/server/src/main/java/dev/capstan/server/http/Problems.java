package dev.capstan.server.http;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Problems as RFC 9457 writes them. */
public final class Problems {
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final int MOST_MISTAKES = 1_000;
  private static final int LONGEST_INSTANCE = 300;

  private record Wire(
      String type,
      String title,
      int status,
      String detail,
      String instance,
      String code,
      boolean retryable,
      @Nullable List<Mistake> mistakes) {}

  private Problems() {}

  /** The problem as a body; {@code instance} is the path that was asked for. */
  public static byte[] encode(Problem problem, String instance) {
    ProblemCode code = problem.code();
    List<Mistake> mistakes = problem.mistakes();
    return Json.mapper()
        .writeValueAsBytes(
            new Wire(
                "urn:capstan:problem:" + code.wireName(),
                code.title(),
                code.httpStatus(),
                problem.detail(),
                instance.substring(0, Math.min(instance.length(), LONGEST_INSTANCE)),
                code.wireName(),
                code.retryable(),
                mistakes.isEmpty()
                    ? null
                    : mistakes.subList(0, Math.min(mistakes.size(), MOST_MISTAKES))));
  }

  /** Answers with the problem; what was written before, if it was not sent, is dropped. */
  static void answer(HttpServletResponse response, Problem problem, String instance)
      throws IOException {
    if (response.isCommitted()) {
      return;
    }
    response.resetBuffer();
    byte[] body = encode(problem, instance);
    int status = problem.code().httpStatus();
    response.setStatus(status);
    response.setContentType(MEDIA_TYPE);
    response.setHeader("Cache-Control", "no-store");
    response.setContentLength(body.length);
    if (status == 429 || status == 503) {
      response.setHeader("Retry-After", "1");
    }
    response.getOutputStream().write(body);
  }
}
