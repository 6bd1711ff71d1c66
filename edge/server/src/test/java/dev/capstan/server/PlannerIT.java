package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Prompts that patterns do not understand are planned by a model, within budgets. */
class PlannerIT {
  private static final String MODELS =
      """
      providers:
        script: {type: scripted, script: planner.yaml}
      models:
        smart: {primary: {provider: script, model: planner-1}, retry_policy: {max_retries: 0}}
      tenants: {default: {budget: {per_day: TENANT}}}
      cost_tracking: {model_costs: {planner-1: {input: 0.001, output: 0.002}}}
      """;

  private static final String SCRIPT =
      """
      rules:
        - match: {text: half of}
          json:
            impossible: ""
            name: half
            steps:
              - {id: half, tool: calculator, input: '{"expression": "17 / 2"}', depends_on: [], when: "", foreach: ""}
            answer: "Half of it is ${steps.half.output.text}."
        - match: {text: away}
          fault: server_error
        - say: "no idea"
      """;

  private static final String PROMPT = "kindly tell me half of the number that follows 16";

  @TempDir Path home;

  @BeforeEach
  void configure() throws Exception {
    Files.writeString(home.resolve("planner.yaml"), SCRIPT);
    models("5");
  }

  private void models(String tenant) throws Exception {
    Files.writeString(home.resolve("capstan.yaml"), MODELS.replace("TENANT", tenant));
  }

  private static HttpResponse<String> submit(TestHouse house, String prompt, String key)
      throws Exception {
    HttpRequest.Builder request =
        house.to("/runs").header("Content-Type", "application/json").header("Idempotency-Key", key);
    return house.send(
        request
            .POST(HttpRequest.BodyPublishers.ofString(Json.write(Map.of("prompt", prompt))))
            .build());
  }

  private static JsonNode planning(TestHouse house) throws Exception {
    JsonNode costs = Json.parse(house.get("/costs?by=agent").body());
    for (JsonNode item : costs.path("items").values()) {
      if (item.path("who").path("agent").asString("").equals("planner")) {
        return item;
      }
    }
    return Json.object();
  }

  /** The ledger's row comes soon after the answer that it is of. */
  private static JsonNode planning(TestHouse house, int calls) throws Exception {
    JsonNode found = planning(house);
    for (int i = 0; i < 1_000 && found.path("calls").asInt(0) < calls; i++) {
      found = planning(house);
    }
    assertThat(found.path("calls").asInt(0)).isEqualTo(calls);
    return found;
  }

  @Test
  void a_run_of_a_models_plan_says_who_planned_and_the_ledger_what_it_cost() throws Exception {
    try (TestHouse house = TestHouse.open(home)) {
      HttpResponse<String> answer = house.post("/runs", Map.of("prompt", PROMPT));
      JsonNode run = Json.parse(answer.body());
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
      assertThat(run.path("planner").stringValue()).isEqualTo("model");
      JsonNode ended = house.end(run.path("id").stringValue());
      assertThat(ended.path("outputs").path("answer").stringValue())
          .isEqualTo("Half of it is 8.5.");
      assertThat(Double.parseDouble(planning(house, 1).path("cost").stringValue())).isPositive();

      JsonNode pattern = Json.parse(house.post("/runs", Map.of("prompt", "what is 2 + 3?")).body());
      assertThat(pattern.path("planner").stringValue()).isEqualTo("pattern");
      assertThat(planning(house, 1).path("calls").asInt()).isEqualTo(1);
    }
  }

  @Test
  void a_repeated_key_gives_the_same_run_and_plans_once() throws Exception {
    try (TestHouse house = TestHouse.open(home)) {
      HttpResponse<String> first = submit(house, PROMPT, "k1");
      HttpResponse<String> second = submit(house, PROMPT, "k1");
      assertThat(first.statusCode()).isEqualTo(201);
      assertThat(second.statusCode()).as(second.body()).isEqualTo(200);
      assertThat(Json.parse(second.body()).path("id"))
          .isEqualTo(Json.parse(first.body()).path("id"));
      assertThat(planning(house, 1).path("calls").asInt()).isEqualTo(1);
      HttpResponse<String> other = submit(house, PROMPT + " again", "k1");
      assertThat(other.statusCode()).isEqualTo(422);
      assertThat(other.body()).contains("key_reused");
    }
  }

  @Test
  void what_nobody_can_plan_is_refused_with_the_words_of_both() throws Exception {
    try (TestHouse house = TestHouse.open(home)) {
      for (String prompt : new String[] {"tell me a story", "is anybody away?"}) {
        HttpResponse<String> answer = house.post("/runs", Map.of("prompt", prompt));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("not_understood", "I can calculate", "smart");
      }
      assertThat(Json.parse(house.get("/runs").body()).path("items")).isEmpty();
    }
  }

  @Test
  void a_tenant_without_money_is_told_so_and_patterns_go_on() throws Exception {
    models("0.000001");
    try (TestHouse house = TestHouse.open(home)) {
      HttpResponse<String> answer = house.post("/runs", Map.of("prompt", PROMPT));
      assertThat(answer.statusCode()).isEqualTo(422);
      assertThat(answer.body()).contains("budget of tenant local", "0.000001");
      assertThat(house.post("/runs", Map.of("prompt", "what is 2 + 3?")).statusCode())
          .isEqualTo(201);
    }
  }

  @Test
  void the_order_is_what_is_configured() throws Exception {
    try (TestHouse house = TestHouse.open(home, Map.of("CAPSTAN_PLANNER", "pattern"))) {
      assertThat(house.post("/runs", Map.of("prompt", PROMPT)).statusCode()).isEqualTo(422);
      assertThat(planning(house).isEmpty()).isTrue();
    }
    try (TestHouse house = TestHouse.open(home, Map.of("CAPSTAN_PLANNER", "model"))) {
      JsonNode made =
          Json.parse(
              house.post("/plans/from-prompt", Map.of("prompt", "what is half of 17?")).body());
      assertThat(made.path("planner").stringValue()).isEqualTo("model");
      JsonNode fallen =
          Json.parse(house.post("/plans/from-prompt", Map.of("prompt", "what is 2 + 3?")).body());
      assertThat(fallen.path("planner").stringValue()).isEqualTo("pattern");
    }
  }
}
