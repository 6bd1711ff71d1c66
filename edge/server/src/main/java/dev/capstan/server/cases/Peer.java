package dev.capstan.server.cases;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** A server that is spoken to as anybody speaks to it. */
final class Peer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Peer.class);
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** So many streams in a row that tell nothing, and the server is given up. */
  private static final int MOST_SILENT_STREAMS = 20;

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

  /** Whether there is such a run by now. */
  boolean knows(String run) throws InterruptedException {
    try {
      return get("/runs/" + run).has("id");
    } catch (Refusal refused) {
      if (refused.problem().code() != ProblemCode.NOT_FOUND) {
        throw refused;
      }
      return false;
    }
  }

  JsonNode post(String path, JsonNode body) throws InterruptedException {
    HttpRequest request =
        to(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
            .build();
    return answered(send(request, HttpResponse.BodyHandlers.ofString()));
  }

  /**
   * Hears every event of the run once, to its end: a stream that breaks off, as they do where a
   * server stops or a proxy has enough, is taken up after the last event that was heard.
   */
  void follow(String run, Ear ear) throws InterruptedException {
    Heard heard = new Heard(ear);
    int streams = 0;
    while (!heard.ended) {
      int before = heard.last;
      listen(run, heard);
      streams = heard.last > before ? 0 : streams + 1;
      if (!heard.ended && streams >= MOST_SILENT_STREAMS) {
        throw new Unreachable(url, new IOException("its streams break off"));
      }
    }
  }

  /** What was heard of a run so far. */
  private static final class Heard {
    private final Ear ear;
    private int last;
    private boolean ended;

    Heard(Ear ear) {
      this.ear = ear;
    }

    void line(String line) throws InterruptedException {
      if (line.equals("event: end")) {
        ended = true;
      } else if (line.startsWith("data:") && !ended) {
        JsonNode event = Json.parse(line.substring(5).strip());
        int seq = event.path("seq").asInt(0);
        if (seq == 0 || seq > last) {
          last = Math.max(last, seq);
          ear.hear(event);
        }
      }
    }
  }

  private void listen(String run, Heard heard) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri("/runs/" + run + "/events"))
            .header("Accept", "text/event-stream")
            .header("Last-Event-ID", Integer.toString(heard.last))
            .build();
    HttpResponse<Stream<String>> answer = send(request, HttpResponse.BodyHandlers.ofLines());
    try (Stream<String> lines = answer.body()) {
      if (answer.statusCode() >= 400) {
        throw refused(Json.parse(lines.collect(Collectors.joining("\n"))));
      }
      Iterator<String> each = lines.iterator();
      while (each.hasNext()) {
        heard.line(each.next());
      }
    } catch (UncheckedIOException broken) {
      LOG.debug("a stream of {} broke off after event {}", run, heard.last, broken);
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
    throw refused(body);
  }

  private static Refusal refused(JsonNode body) {
    String detail =
        body.has("detail")
            ? body.path("detail").asString("")
            : body.path("error").path("message").asString("no reason given");
    return Problem.of(ProblemCode.ofWireName(body.path("code").asString("unavailable")), detail)
        .refusal();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
