package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every operation is asked, and what comes back is what openapi.json says. */
class OpenApiIT {
  private static final String RELEASE =
      """
      name: release
      inputs:
        version: {type: string, default: "1"}
      steps:
        - {id: build, tool: echo, input: {value: "${inputs.version}"}}
        - {id: agree, approval: "ship it?", depends_on: [build]}
        - {id: told, signal: go, depends_on: [agree]}
      """;

  @TempDir Path home;

  @Test
  void every_operation_answers_as_the_document_says() throws Exception {
    try (TestHouse house = TestHouse.open(home)) {
      Document document = new Document(Json.parse(house.get("/openapi.json").body()));
      house(house, document);
      plans(house, document);
      models(house, document);
      String run = release(house, document);
      run(house, document, run);
      refusals(house, document);
      var sockets = new TreeSet<>(java.util.Set.of("GET /runs/{id}/ws", "GET /ws/executions/{id}"));
      var missed = document.operations();
      missed.removeAll(document.held());
      missed.removeAll(sockets);
      assertThat(missed).isEmpty();
    }
  }

  @Test
  void the_document_and_the_routes_name_the_same_operations() throws Exception {
    try (TestHouse house = TestHouse.open(home)) {
      Document document = new Document(Json.parse(house.get("/openapi.json").body()));
      assertThat(new TreeSet<>(house.operations())).isEqualTo(document.operations());
    }
  }

  private static void house(TestHouse house, Document document) throws Exception {
    for (String path :
        new String[] {
          "/health", "/status", "/metrics", "/tools", "/events", "/openapi.json", "/runs"
        }) {
      document.hold("GET " + path, house.get(path));
    }
    document.hold("GET /tools/{name}", house.get("/tools/calculator"));
    document.hold("POST /verify", house.post("/verify", Json.object()));
  }

  private static void plans(TestHouse house, Document document) throws Exception {
    document.hold("GET /plans/schema", house.get("/plans/schema"));
    document.hold("GET /crews/schema", house.get("/crews/schema"));
    document.hold("POST /plans/check", house.post("/plans/check", Map.of("plan", RELEASE)));
    document.hold("POST /plans/check", house.post("/plans/check", Map.of("plan", "a: [")));
    document.hold("POST /plans/draw", house.post("/plans/draw", Map.of("plan", RELEASE)));
    document.hold(
        "POST /plans/from-prompt",
        house.post("/plans/from-prompt", Map.of("prompt", "what is 2 + 3?")));
    document.hold("POST /estimates", house.post("/estimates", Map.of("prompt", "what is 2 + 3?")));
    document.hold("POST /estimates", house.post("/estimates", Map.of()));
  }

  private static void models(TestHouse house, Document document) throws Exception {
    document.hold("GET /v1/models", house.get("/v1/models"));
    document.hold("GET /v1/models/{id}", house.get("/v1/models/demo"));
    document.hold("GET /v1/models/{id}", house.get("/v1/models/nobody"));
    document.hold("GET /costs", house.get("/costs"));
    document.hold("GET /costs", house.get("/costs?by=nothing"));
    document.hold("GET /memory", house.get("/memory"));
    document.hold("GET /memory/{group}", house.get("/memory/crew"));
    document.hold("DELETE /memory/{group}", house.delete("/memory/crew"));
    document.hold("DELETE /memory/{group}", house.delete("/memory/crew?all=true"));
    document.hold("DELETE /memory/{group}/{id}", house.delete("/memory/crew/none"));
    String chat = "POST /v1/chat/completions";
    for (String body :
        new String[] {
          "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
          "{\"model\":\"nobody\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
          "{\"model\":\"demo\",\"messages\":[]}"
        }) {
      document.hold(chat, house.post("/v1/chat/completions", Json.parse(body)));
    }
  }

  /** Submits the release and takes it to its end. */
  private static String release(TestHouse house, Document document) throws Exception {
    HttpResponse<String> made = house.post("/runs", Map.of("plan", RELEASE));
    document.hold("POST /runs", made);
    String run = Json.parse(made.body()).path("id").stringValue();
    until(house, run, "waiting");
    document.hold("GET /runs/{id}", house.get("/runs/" + run));
    document.hold("GET /runs/{id}/why", house.get("/runs/" + run + "/why"));
    for (String verb : new String[] {"pause", "resume", "approve"}) {
      document.hold(
          "POST /runs/{id}/" + verb, house.post("/runs/" + run + "/" + verb, Json.object()));
    }
    document.hold(
        "POST /runs/{id}/signal",
        house.post("/runs/" + run + "/signal", Map.of("name", "go", "payload", 7)));
    assertThat(house.end(run).path("status").stringValue()).isEqualTo("completed");
    return run;
  }

  /** Reads the stream as far as it takes: the run's own events say when to look. */
  private static void until(TestHouse house, String run, String status) throws Exception {
    JsonNode page = Json.parse(house.get("/runs/" + run).body());
    for (int tries = 0; !page.path("status").stringValue().equals(status); tries++) {
      assertThat(tries).as("still %s", page).isLessThan(2_000);
      page = Json.parse(house.get("/runs/" + run).body());
    }
  }

  private static void run(TestHouse house, Document document, String run) throws Exception {
    String at = "/runs/" + run;
    document.hold("GET /runs/{id}", house.get(at + "?at=step:build"));
    document.hold("GET /runs/{id}/events", house.get(at + "/events"));
    document.hold("GET /runs/{id}/graph", house.get(at + "/graph"));
    document.hold("GET /runs/{id}/graph", house.get(at + "/graph?format=mermaid"));
    document.hold("POST /runs/{id}/replay", house.post(at + "/replay", Json.object()));
    document.hold("POST /runs/{id}/replay", house.post(at + "/replay", Map.of("recorded", true)));
    document.hold("GET /runs/{id}/case", house.get(at + "/case"));
    HttpResponse<String> exported = house.get(at + "/export");
    document.hold("GET /runs/{id}/export", exported);
    HttpResponse<String> imported = house.post("/runs/import", Json.parse(exported.body()));
    document.hold("POST /runs/import", imported);
    assertThat(imported.statusCode()).as(imported.body()).isEqualTo(201);
    HttpResponse<String> forked = house.post(at + "/fork", Map.of("from", "agree"));
    document.hold("POST /runs/{id}/fork", forked);
    assertThat(forked.statusCode()).as(forked.body()).isEqualTo(201);
    String fork = "/runs/" + Json.parse(forked.body()).path("id").stringValue();
    document.hold("GET /runs/{id}", house.get(fork));
    document.hold(
        "POST /runs/{id}/resolve",
        house.post(fork + "/resolve", Map.of("step", "build", "resolution", "skip")));
    document.hold(
        "POST /runs/{id}/cancel", house.post(fork + "/cancel", Map.of("reason", "enough")));
    document.hold("GET /runs", house.get("/runs?limit=1"));
    document.hold("GET /events", house.get("/events?type=run_completed"));
  }

  private static void refusals(TestHouse house, Document document) throws Exception {
    document.hold("GET /runs/{id}", house.get("/runs/run_0000000000001"));
    document.hold("GET /runs/{id}", house.get("/runs/nope"));
    document.hold("POST /runs", house.post("/runs", Map.of("plan", "a: [")));
    document.hold("POST /runs", house.post("/runs", Map.of("prompt", "frobnicate")));
    HttpRequest once =
        house
            .to("/runs")
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", "k")
            .POST(HttpRequest.BodyPublishers.ofString("{\"prompt\":\"what is 1 + 1?\"}"))
            .build();
    assertThat(house.send(once).statusCode()).isEqualTo(201);
    HttpResponse<String> again = house.send(once);
    assertThat(again.statusCode()).isEqualTo(200);
    document.hold("POST /runs", again);
  }
}
