package dev.capstan.cli.api;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Calls the server. A problem that it answers with is thrown as a {@link Refusal}; no answer at all
 * as {@link Unreachable}. Built on the JDK's oldest client because it starts fastest.
 */
public final class Server {
  private static final int CONNECT_MILLIS = 3_000;
  private static final int READ_MILLIS = 60_000;

  private final String base;

  /** {@code base} as {@code http://127.0.0.1:8080}. */
  public Server(String base) {
    this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
  }

  public String url() {
    return base;
  }

  /** A part of a path or query, encoded. */
  public static String part(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  public JsonNode get(String path) {
    return exchange("GET", path, null, Map.of());
  }

  public JsonNode delete(String path) {
    return exchange("DELETE", path, null, Map.of());
  }

  public JsonNode post(String path, JsonNode body) {
    return exchange("POST", path, Json.write(body).getBytes(StandardCharsets.UTF_8), Map.of());
  }

  public JsonNode post(String path, JsonNode body, Map<String, String> headers) {
    return exchange("POST", path, Json.write(body).getBytes(StandardCharsets.UTF_8), headers);
  }

  /** Posts JSON text as it is. */
  public JsonNode postText(String path, byte[] json) {
    return exchange("POST", path, json, Map.of());
  }

  /** Copies the answer as it comes, however long it is. */
  public void download(String path, OutputStream to) {
    try {
      HttpURLConnection call = open("GET", path, Map.of());
      refuseProblems(call);
      try (InputStream body = call.getInputStream()) {
        body.transferTo(to);
      }
    } catch (IOException broken) {
      throw unreachable(broken);
    }
  }

  /** Opens a stream of events; the caller closes it. */
  public InputStream stream(String path, String lastEventId) {
    Map<String, String> headers =
        lastEventId.isEmpty()
            ? Map.of("Accept", "text/event-stream")
            : Map.of("Accept", "text/event-stream", "Last-Event-ID", lastEventId);
    try {
      HttpURLConnection call = open("GET", path, headers);
      refuseProblems(call);
      return call.getInputStream();
    } catch (IOException broken) {
      throw unreachable(broken);
    }
  }

  private JsonNode exchange(
      String method,
      String path,
      byte @org.jspecify.annotations.Nullable [] body,
      Map<String, String> headers) {
    try {
      HttpURLConnection call = open(method, path, headers);
      if (body != null) {
        call.setRequestProperty("Content-Type", "application/json");
        call.setDoOutput(true);
        call.setFixedLengthStreamingMode(body.length);
        try (OutputStream out = call.getOutputStream()) {
          out.write(body);
        }
      }
      refuseProblems(call);
      try (InputStream answer = call.getInputStream()) {
        return Json.mapper().readTree(answer);
      }
    } catch (IOException | tools.jackson.core.JacksonException broken) {
      throw unreachable(broken);
    }
  }

  private HttpURLConnection open(String method, String path, Map<String, String> headers)
      throws IOException {
    HttpURLConnection call = (HttpURLConnection) address(path).toURL().openConnection();
    call.setRequestMethod(method);
    call.setConnectTimeout(CONNECT_MILLIS);
    call.setReadTimeout(READ_MILLIS);
    call.setInstanceFollowRedirects(false);
    call.setRequestProperty("Accept", "application/json");
    headers.forEach(call::setRequestProperty);
    return call;
  }

  private URI address(String path) {
    try {
      URI address = URI.create(base + path);
      String scheme = address.getScheme();
      if ("http".equals(scheme) || "https".equals(scheme)) {
        return address;
      }
    } catch (IllegalArgumentException noAddress) {
      // Said below, in the same words.
    }
    throw Problem.of(
            ProblemCode.INVALID_REQUEST,
            "'" + base + "' is no address of a server; one looks like http://127.0.0.1:8080")
        .refusal();
  }

  private void refuseProblems(HttpURLConnection call) throws IOException {
    int status = call.getResponseCode();
    if (status >= 200 && status < 300) {
      return;
    }
    InputStream body = call.getErrorStream();
    String text = "";
    if (body != null) {
      try (body) {
        text = new String(body.readNBytes(1 << 20), StandardCharsets.UTF_8);
      }
    }
    throw problem(status, text);
  }

  private Refusal problem(int status, String text) {
    try {
      JsonNode body = Json.parse(text);
      String code = body.path("code").asString("");
      if (!code.isEmpty()) {
        String detail = body.path("detail").asString(body.path("title").asString(code));
        return Problem.of(ProblemCode.ofWireName(code), detail, mistakes(body)).refusal();
      }
    } catch (Refusal noJson) {
      // Something else than Capstan answers there; the status is all that can be said.
    }
    return Problem.of(
            status >= 500 ? ProblemCode.UNAVAILABLE : ProblemCode.INVALID_REQUEST,
            base + " answers with HTTP " + status + "; is that a Capstan server?")
        .refusal();
  }

  private static List<Mistake> mistakes(JsonNode body) {
    List<Mistake> mistakes = new ArrayList<>();
    for (JsonNode one : body.path("mistakes").values()) {
      mistakes.add(
          new Mistake(
              one.path("path").asString(""),
              one.path("line").asInt(0),
              one.path("column").asInt(0),
              one.path("message").asString(""),
              one.path("suggestion").asStringOpt().orElse(null)));
    }
    return mistakes;
  }

  private Unreachable unreachable(Exception broken) {
    String reason = broken.getMessage();
    return new Unreachable(base, reason == null ? broken.getClass().getSimpleName() : reason);
  }
}
