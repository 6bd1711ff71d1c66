package dev.capstan.server.http;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.catalina.connector.ClientAbortException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads every request to its endpoint. One of the three places that catch everything: a defect
 * becomes a problem of {@code internal} and a line in the log, never a stack trace on the wire.
 */
public final class ApiServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(ApiServlet.class);

  private final transient Routes routes;

  public ApiServlet(Routes routes) {
    this.routes = routes;
  }

  @Override
  protected void service(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    String path = request.getRequestURI();
    try {
      write(request, response, dispatch(request, response, path));
    } catch (Refusal refusal) {
      Problems.answer(response, refusal.problem(), path);
    } catch (ClientAbortException gone) {
      LOG.debug("the client went away: {}", gone.getMessage());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      Problems.answer(
          response, Problem.of(ProblemCode.UNAVAILABLE, "this process is stopping"), path);
    } catch (IOException broken) {
      Problems.answer(
          response,
          Problem.of(ProblemCode.INVALID_REQUEST, "the request could not be read whole"),
          path);
    } catch (RuntimeException | StackOverflowError defect) {
      LOG.error("{} {} met a defect", request.getMethod(), path, defect);
      Problems.answer(
          response,
          Problem.of(ProblemCode.INTERNAL, "a defect in Capstan; its log says more"),
          path);
    }
  }

  private Answer dispatch(HttpServletRequest request, HttpServletResponse response, String path)
      throws IOException, InterruptedException {
    List<String> segments = Target.segments(path);
    Routes.Match match = routes.find(segments);
    if (match == null) {
      Endpoint stray = routes.stray(segments);
      if (stray != null) {
        return stray.answer(new Exchange(request, response, Map.of()));
      }
      throw Problem.of(ProblemCode.NOT_FOUND, "there is nothing at this address").refusal();
    }
    String method = request.getMethod();
    Endpoint endpoint = match.endpoints().get(method.equals("HEAD") ? "GET" : method);
    if (endpoint == null) {
      String offered = String.join(", ", match.endpoints().keySet());
      response.setHeader("Allow", offered);
      throw Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "offered here: " + offered).refusal();
    }
    return endpoint.answer(new Exchange(request, response, match.variables()));
  }

  private static void write(HttpServletRequest request, HttpServletResponse response, Answer answer)
      throws IOException {
    if (!(answer instanceof Answer.Body body)) {
      return;
    }
    response.setStatus(body.status());
    response.setContentType(body.mediaType());
    response.setContentLength(body.content().length);
    response.setHeader("Cache-Control", "no-store");
    body.headers().forEach(response::setHeader);
    if (!request.getMethod().equals("HEAD")) {
      response.getOutputStream().write(body.content());
    }
  }
}
