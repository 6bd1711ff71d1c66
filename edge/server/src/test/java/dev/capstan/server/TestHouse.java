package dev.capstan.server;

import dev.capstan.kernel.Json;
import dev.capstan.server.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import tools.jackson.databind.JsonNode;

/** A whole server on a free port, its journal in memory. */
final class TestHouse implements AutoCloseable {
  /** One model that says what a script says. */
  private static final String MODELS =
      """
      providers:
        script: {type: scripted, script: script.yaml}
      models:
        default: {primary: {provider: script, model: m}}
      cost_tracking:
        model_costs: {m: {input: 0.001, output: 0.002}}
      """;

  private final ServletWebServerApplicationContext context;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int port;

  private TestHouse(ServletWebServerApplicationContext context) {
    this.context = context;
    this.port = context.getWebServer().getPort();
  }

  static TestHouse open(Path home) {
    return open(home, Map.of());
  }

  /** The same with a model that says what this script says. */
  static TestHouse scripted(Path home, String script) throws IOException {
    Files.writeString(home.resolve("script.yaml"), script);
    Files.writeString(home.resolve("capstan.yaml"), MODELS);
    return open(home);
  }

  /** The same with more in its environment; an empty value takes away what is there otherwise. */
  static TestHouse open(Path home, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>();
    environment.put("CAPSTAN_HOME", home.toString());
    environment.put("CAPSTAN_PORT", "0");
    environment.put("LOG_LEVEL", "ERROR");
    environment.put("DATABASE_URL", "memory");
    environment.putAll(more);
    environment.values().removeIf(String::isEmpty);
    return new TestHouse(CapstanServer.start(Settings.read(environment), CapstanServer.realTime()));
  }

  List<String> operations() {
    return context.getBean(Household.class).routes().operations();
  }

  int port() {
    return port;
  }

  HttpClient client() {
    return client;
  }

  HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
        .timeout(Duration.ofSeconds(30));
  }

  HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return send(to(path).GET().build());
  }

  HttpResponse<String> delete(String path) throws IOException, InterruptedException {
    return send(to(path).DELETE().build());
  }

  HttpResponse<String> post(String path, Object body) throws IOException, InterruptedException {
    return send(
        to(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)))
            .build());
  }

  /** Submits the plan and gives the run's id. */
  String run(JsonNode plan) throws IOException, InterruptedException {
    HttpResponse<String> answer = post("/runs", Json.object().set("plan", plan));
    if (answer.statusCode() != 201) {
      throw new AssertionError(answer.body());
    }
    return Json.parse(answer.body()).path("id").stringValue();
  }

  /** Reads the run's stream to its end and gives the run. */
  JsonNode end(String run) throws IOException, InterruptedException {
    HttpResponse<String> stream =
        send(to("/runs/" + run + "/events").header("Accept", "text/event-stream").build());
    if (!stream.body().contains("event: end")) {
      throw new AssertionError(stream.body());
    }
    return Json.parse(get("/runs/" + run).body());
  }

  @Override
  public void close() {
    client.shutdownNow();
    context.close();
    // The first server of a JVM says where Tomcat lives, and each later one would make that again.
    System.clearProperty("catalina.home");
  }
}
