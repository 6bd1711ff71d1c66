package dev.capstan.server.http;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives what Tomcat itself refuses, before any servlet sees it, the body of a problem; and notes on
 * each request who sent it.
 */
public final class RefusalValve extends ErrorReportValve {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalValve.class);

  @Override
  public void invoke(Request request, Response response) throws IOException, ServletException {
    request.setAttribute(Caller.NAME, new Caller(request.getCoyoteRequest()));
    super.invoke(request, response);
  }

  @Override
  protected void report(Request request, Response response, @Nullable Throwable thrown) {
    int status = response.getStatus();
    if (status < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
      return;
    }
    try {
      Problem problem = Problem.of(code(status), detail(response));
      HttpServletResponse out = response;
      byte[] body = Problems.encode(problem, path(request));
      out.setStatus(problem.code().httpStatus());
      out.setContentType(Problems.MEDIA_TYPE);
      out.setContentLength(body.length);
      out.getOutputStream().write(body);
      response.finishResponse();
    } catch (IOException | IllegalStateException gone) {
      LOG.debug("a refusal could not be written: {}", gone.getMessage());
    }
  }

  private static ProblemCode code(int status) {
    return switch (status) {
      case 404 -> ProblemCode.NOT_FOUND;
      case 405 -> ProblemCode.METHOD_NOT_ALLOWED;
      // Tomcat's word for a transfer encoding that it does not know: the sender's mistake, not
      // ours.
      case 501 -> ProblemCode.INVALID_REQUEST;
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
