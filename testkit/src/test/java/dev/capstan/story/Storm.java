package dev.capstan.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Many questions at once, to one door or to several. */
final class Storm implements AutoCloseable {
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final List<CompletableFuture<HttpResponse<String>>> calls = new ArrayList<>();
  private final List<String> bodies = new ArrayList<>();
  private String model = "twin";
  private String form = "\"max_tokens\":100";

  /** What its questions ask for from now on, as fields of JSON. */
  Storm form(String fields) {
    form = fields;
    return this;
  }

  /** Whom they ask from now on. */
  Storm model(String name) {
    model = name;
    return this;
  }

  /** Asks so often, each door in turn; {@code user} names whose budget it is. */
  Storm ask(int times, String user, String... urls) {
    String body =
        "{\"model\":\""
            + model
            + "\",\"user\":\""
            + user
            + "\","
            + form
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"what?\"}]}";
    for (int i = 0; i < times; i++) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(urls[i % urls.length] + "/v1/chat/completions"))
              .header("Content-Type", "application/json")
              .timeout(Duration.ofSeconds(90))
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      calls.add(client.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
    }
    return this;
  }

  /** How many answers of each status; 0 stands for a connection that broke. */
  Map<Integer, Integer> ends() throws InterruptedException, TimeoutException {
    Map<Integer, Integer> ends = new TreeMap<>();
    bodies.clear();
    for (CompletableFuture<HttpResponse<String>> call : calls) {
      int status = 0;
      try {
        HttpResponse<String> answer = call.get(100, TimeUnit.SECONDS);
        status = answer.statusCode();
        bodies.add(answer.body());
        assertThat(status).as(answer.body()).isIn(200, 400, 429, 503);
      } catch (ExecutionException broken) {
        assertThat(broken).hasCauseInstanceOf(IOException.class);
      }
      ends.merge(status, 1, Integer::sum);
    }
    calls.clear();
    return ends;
  }

  /** What the last answers said, of any status. */
  List<String> bodies() {
    return List.copyOf(bodies);
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
