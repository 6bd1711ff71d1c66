package dev.capstan.story;

import dev.capstan.kernel.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The server's API as a client of it sees it, who reckons with its death at any moment. */
final class Door implements AutoCloseable {
  /** The status and the body. */
  record Answer(int status, JsonNode body) {}

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String url;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .build();

  Door(String url) {
    this.url = url;
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(HttpRequest.newBuilder(URI.create(url + path)).GET());
  }

  /** What is no JSON. */
  String text(String path) throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(URI.create(url + path)).timeout(PATIENCE).GET().build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  Answer post(String path, String body, @Nullable String key)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    return send(key == null ? request : request.header("Idempotency-Key", key));
  }

  private Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), Json.parse(response.body()));
  }

  /** Every run of the list, page by page. */
  List<JsonNode> runs(String filter) throws IOException, InterruptedException {
    List<JsonNode> found = new ArrayList<>();
    String after = "";
    while (true) {
      Answer page = get("/runs?limit=200" + filter + after);
      if (page.status() != 200) {
        throw new IOException("the list of runs is not to be had: " + page);
      }
      page.body().path("items").forEach(found::add);
      String next = page.body().path("next").asString("");
      if (next.isEmpty()) {
        return found;
      }
      after = "&after=" + next;
    }
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
