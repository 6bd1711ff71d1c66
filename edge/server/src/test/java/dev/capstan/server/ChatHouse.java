package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.twin.VendorTwin;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A server in front of a twin that plays two vendors, whom we may trouble. */
final class ChatHouse implements AutoCloseable {
  /** What must be seen nowhere but in what is sent to the vendors. */
  static final String KEY = "sk-planted-5f1c8e77";

  /** Dollars for a token, of either kind: 0.001 for a thousand. */
  static final String MODELS =
      """
      providers:
        first:
          type: openai
          base_url: "TWIN/first/v1"
          api_key_env: TWIN_KEY
          timeout: 5s
          idle_timeout: 2s
          circuit_breaker: {failure_threshold: 100}
        second: {type: openai, base_url: "TWIN/second/v1", api_key_env: TWIN_KEY}
      models:
        twin:
          primary: {provider: first, model: gpt-twin}
          fallbacks: [{provider: second, model: gpt-twin}]
          retry_policy: {max_retries: 0}
        alone:
          primary: {provider: first, model: gpt-twin}
          retry_policy: {max_retries: 0}
        kept:
          primary: {provider: first, model: gpt-twin}
          cache_ttl: 5m
        unpriced:
          primary: {provider: first, model: gpt-unknown}
      keys:
        poor: {budget: {per_day: 0.00001}}
      cost_tracking:
        model_costs:
          gpt-twin: {input: 0.001, output: 0.001}
      """;

  final VendorTwin twin = VendorTwin.start();
  final TestHouse house;

  ChatHouse(Path home) throws IOException {
    Files.writeString(home.resolve("capstan.yaml"), MODELS.replace("TWIN/", twin.url() + "/"));
    house = TestHouse.open(home, Map.of("TWIN_KEY", KEY));
  }

  static ObjectNode asking(String model, String text) {
    ObjectNode body = Json.object().put("model", model);
    body.putArray("messages").addObject().put("role", "user").put("content", text);
    return body;
  }

  HttpResponse<String> ask(JsonNode body) throws IOException, InterruptedException {
    return house.post("/v1/chat/completions", body);
  }

  /** Asks what must be answered. */
  JsonNode answer(JsonNode body) throws IOException, InterruptedException {
    HttpResponse<String> answer = ask(body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.parse(answer.body());
  }

  /** Asks what must be refused, and gives the error. */
  JsonNode refusal(int status, JsonNode body) throws IOException, InterruptedException {
    HttpResponse<String> answer = ask(body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return Json.parse(answer.body()).path("error");
  }

  static String words(JsonNode answer) {
    return answer.path("choices").path(0).path("message").path("content").asString("");
  }

  /** The data of every event of a stream, in order. */
  List<String> stream(ObjectNode body) throws IOException, InterruptedException {
    HttpResponse<String> answer = ask(body.put("stream", true));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type").orElse(""))
        .startsWith("text/event-stream");
    return answer
        .body()
        .lines()
        .filter(line -> line.startsWith("data: "))
        .map(line -> line.substring(6))
        .toList();
  }

  /** The text of a stream's pieces, joined. */
  static String joined(List<String> events) {
    StringBuilder text = new StringBuilder();
    for (String event : events) {
      if (!event.equals("[DONE]")) {
        text.append(
            Json.parse(event).path("choices").path(0).path("delta").path("content").asString(""));
      }
    }
    return text.toString();
  }

  /** The figure of a line of {@code /metrics} that begins so; 0 when there is none. */
  double figure(String line) throws IOException, InterruptedException {
    return house
        .get("/metrics")
        .body()
        .lines()
        .filter(each -> each.startsWith(line))
        .mapToDouble(each -> Double.parseDouble(each.substring(each.lastIndexOf(' ') + 1)))
        .sum();
  }

  HttpRequest request(JsonNode body) {
    return house
        .to("/v1/chat/completions")
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
        .build();
  }

  @Override
  public void close() {
    house.close();
    twin.close();
  }
}
