package dev.capstan.server.http;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/** Gives what Tomcat itself refuses, before any servlet sees it, the body of a problem. */
public final class RefusalValve extends ValveBase {
  public RefusalValve() {
    super(true);
  }

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    getNext().invoke(request, response);
    if (response.isCommitted() || response.getStatus() < 400 || response.getContentWritten() > 0) {
      return;
    }
    Problem problem = Problem.of(code(response.getStatus()), detail(response));
    response.setSuspended(false);
    Problems.answer(response.getResponse(), problem, path(request));
    response.finishResponse();
  }

  private static ProblemCode code(int status) {
    return switch (status) {
      case 404 -> ProblemCode.NOT_FOUND;
      case 405 -> ProblemCode.METHOD_NOT_ALLOWED;
      case 413 -> ProblemCode.TOO_LARGE;
      case 415 -> ProblemCode.UNSUPPORTED_MEDIA_TYPE;
      case 503 -> ProblemCode.UNAVAILABLE;
      default -> status < 500 ? ProblemCode.INVALID_REQUEST : ProblemCode.INTERNAL;
    };
  }

  private static String detail(Response response) {
    String message = response.getMessage();
    return message == null || message.isBlank() || response.getStatus() >= 500
        ? "the request could not be read"
        : message;
  }

  private static String path(Request request) {
    String path = request.getRequestURI();
    return path == null ? "" : path;
  }
}
