package dev.capstan.server.cases;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A server that is spoken to as anybody speaks to it. */
final class Peer implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** Hears the events of a run. */
  @FunctionalInterface
  interface Ear {
    void hear(JsonNode event) throws InterruptedException;
  }

  private final String url;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  /** Where the server is meant to be. */
  static String address(@Nullable String named, Map<String, String> environment) {
    if (named != null) {
      return named;
    }
    String url = environment.get("CAPSTAN_URL");
    return url != null
        ? url
        : "http://localhost:" + environment.getOrDefault("CAPSTAN_PORT", "8080");
  }

  Peer(String url) {
    this.url = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  JsonNode get(String path) throws InterruptedException {
    return answered(send(to(path).GET().build(), HttpResponse.BodyHandlers.ofString()));
  }

  JsonNode post(String path, JsonNode body) throws InterruptedException {
    HttpRequest request =
        to(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
            .build();
    return answered(send(request, HttpResponse.BodyHandlers.ofString()));
  }

  /** Hears every event of the run, to its end. */
  void follow(String run, Ear ear) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/runs/" + run + "/events"))
            .header("Accept", "text/event-stream")
            .build();
    try (Stream<String> lines = send(request, HttpResponse.BodyHandlers.ofLines()).body()) {
      Iterator<String> each = lines.iterator();
      while (each.hasNext()) {
        String line = each.next();
        if (line.startsWith("data:")) {
          ear.hear(Json.parse(line.substring(5).strip()));
        }
      }
    } catch (UncheckedIOException broken) {
      throw new Unreachable(url, broken);
    }
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(uri(path)).timeout(PATIENCE);
  }

  private URI uri(String path) {
    try {
      return URI.create(url + path);
    } catch (IllegalArgumentException broken) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "'" + url + "' is no address of a server")
          .refusal();
    }
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler)
      throws InterruptedException {
    try {
      return client.send(request, handler);
    } catch (IOException away) {
      throw new Unreachable(url, away);
    } catch (IllegalArgumentException noHttp) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "'" + url + "' is no address of a server")
          .refusal();
    }
  }

  private static JsonNode answered(HttpResponse<String> response) {
    JsonNode body = Json.parse(response.body());
    if (response.statusCode() < 400) {
      return body;
    }
    String detail =
        body.has("detail")
            ? body.path("detail").asString("")
            : body.path("error").path("message").asString("no reason given");
    throw Problem.of(ProblemCode.ofWireName(body.path("code").asString("unavailable")), detail)
        .refusal();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
