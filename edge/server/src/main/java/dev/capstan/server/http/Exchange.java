package dev.capstan.server.http;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One request, and the response for those endpoints that stream it themselves. */
public final class Exchange {
  private static final int LONGEST_HEADER = 200;

  private final HttpServletRequest request;
  private final HttpServletResponse response;
  private final Map<String, String> variables;
  private @Nullable Map<String, String> parameters;
  private boolean escapes;

  Exchange(
      HttpServletRequest request, HttpServletResponse response, Map<String, String> variables) {
    this.request = request;
    this.response = response;
    this.variables = variables;
  }

  public HttpServletRequest request() {
    return request;
  }

  public HttpServletResponse response() {
    return response;
  }

  /**
   * Whether whoever asked has closed the connection. For the thread that answers, once the body is
   * read.
   */
  public boolean isCallerGone() {
    return request.getAttribute(Caller.NAME) instanceof Caller caller && caller.isGone();
  }

  /** That this request is one of many short ones that follow each other on its connection. */
  public void expectMore() {
    StickyEndpoint.expectMore();
  }

  /** Whose request it is; there is no sign-in yet, so it is always the local person's. */
  public TenantId tenant() {
    return TenantId.LOCAL;
  }

  /** Who asks, as commands record it. */
  public String by() {
    return "local";
  }

  /** The part of the path that stands for {@code name}. */
  public String path(String name) {
    String value = variables.get(name);
    if (value == null) {
      throw new IllegalStateException("the path has no {" + name + "}");
    }
    return value;
  }

  public RunId run() {
    return RunId.parse(path("id"));
  }

  public Optional<String> query(String name) {
    if (parameters == null) {
      parameters = Target.parameters(request.getQueryString());
    }
    return Optional.ofNullable(parameters.get(name));
  }

  /** A whole number from the query. Throws {@code invalid_request} outside of the bounds. */
  public int query(String name, int fallback, int least, int most) {
    String text = query(name).orElse(null);
    return text == null ? fallback : number("the parameter " + name, text, least, most);
  }

  /** A whole number from a header; the fallback when it is absent. */
  public int header(String name, int fallback, int least, int most) {
    String text = request.getHeader(name);
    return text == null ? fallback : number("the header " + name, text.strip(), least, most);
  }

  private static int number(String what, String text, int least, int most) {
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException broken) {
      // Said below, with what would be right.
    }
    throw invalid(what + " is a whole number from " + least + " to " + most);
  }

  /** A header of printable characters, at most 200 of them; null when it is absent or empty. */
  public @Nullable String header(String name) {
    String value = request.getHeader(name);
    if (value == null || value.isBlank()) {
      return null;
    }
    if (value.length() > LONGEST_HEADER || value.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      throw invalid("the header " + name + " is too long or has control characters in it");
    }
    return value.strip();
  }

  /** Whether the Accept header prefers {@code mediaType} to JSON. */
  public boolean accepts(String mediaType) {
    String accept = request.getHeader("Accept");
    return accept != null && accept.contains(mediaType);
  }

  /** The body's fields. Throws {@code invalid_request} for anything but a JSON object. */
  public Fields fields() throws IOException {
    return new Fields(object());
  }

  /** The body itself. Throws {@code invalid_request} for anything but a JSON object. */
  public ObjectNode object() throws IOException {
    JsonNode body = json();
    if (!body.isObject()) {
      throw invalid("the body must be a JSON object");
    }
    return body.asObject();
  }

  /** The body's fields; none when there is no body. */
  public Fields optionalFields() throws IOException {
    boolean empty =
        request.getContentLengthLong() <= 0 && request.getHeader("Transfer-Encoding") == null;
    return empty ? new Fields(Json.object()) : fields();
  }

  private JsonNode json() throws IOException {
    String text = Body.text(request);
    escapes = text.contains("\\u");
    return Json.parse(text);
  }

  /** Whether the body, once read, had characters written as a backslash, {@code u} and a number. */
  public boolean hasEscapes() {
    return escapes;
  }

  static Refusal invalid(String detail) {
    return Problem.of(ProblemCode.INVALID_REQUEST, detail).refusal();
  }
}
