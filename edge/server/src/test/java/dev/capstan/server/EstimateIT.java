package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A run costs what its price tag said, and the next tag learns from it. */
class EstimateIT {
  private static final String MODELS =
      """
      providers: {script: {type: scripted, script: script.yaml}}
      models: {default: {primary: {provider: script, model: smart-1}}}
      cost_tracking: {model_costs: {smart-1: {input: 0.001, output: 0.004}}}
      """;

  private static final String SCRIPT =
      """
      rules:
        - match: {turn: 1}
          tools: [{tool: calculator, arguments: {expression: "6 * 7"}}]
          usage: {input: 150, cached: 0, output: 30}
        - say: "It is {{result}}."
          usage: {input: 230, cached: 0, output: 20}
      """;

  private static final String PLAN =
      """
      name: answering
      inputs: {question: {type: string}}
      steps:
        - id: answer
          tool: agent
          input:
            role: a clerk
            goal: to be right
            task: "${inputs.question}"
            tools: [calculator]
            limits: {max_turns: 4}
      """;

  @TempDir Path home;
  private TestHouse house;

  @BeforeEach
  void open() throws Exception {
    Files.writeString(home.resolve("capstan.yaml"), MODELS);
    Files.writeString(home.resolve("script.yaml"), SCRIPT);
    house = TestHouse.open(home);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private static ObjectNode body() {
    ObjectNode body = Json.object().put("plan", PLAN);
    body.putObject("inputs").put("question", "what is six times seven?");
    return body;
  }

  private JsonNode estimate(ObjectNode body) throws Exception {
    HttpResponse<String> answer = house.post("/estimates", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Json.parse(answer.body()).path("estimate");
  }

  private static Money money(JsonNode amount) {
    return Money.dollars(amount.stringValue());
  }

  private Money spent(String run) throws Exception {
    Money spent = Money.ZERO;
    for (int i = 0; i < 1_000 && spent.pico() < 580_000_000L; i++) {
      spent = money(Json.parse(house.get("/costs?run=" + run).body()).path("cost"));
    }
    return spent;
  }

  @Test
  void a_run_costs_what_was_estimated_and_the_next_estimate_knows_it() throws Exception {
    JsonNode before = estimate(body());
    assertThat(before.path("steps").path(0).path("basis").stringValue()).startsWith("guessed");
    assertThat(Json.parse(house.get("/runs").body()).path("items")).isEmpty();

    String run = Json.parse(house.post("/runs", body()).body()).path("id").stringValue();
    assertThat(house.end(run).path("status").stringValue()).isEqualTo("completed");
    Money cost = spent(run);
    assertThat(cost).isEqualTo(Money.dollars("0.00058"));
    assertThat(cost).isBetween(money(before.path("least")), money(before.path("most")));

    JsonNode after = estimate(body());
    assertThat(money(after.path("likely"))).isEqualTo(cost);
    assertThat(after.path("steps").path(0).path("basis").stringValue()).isEqualTo("1 past run");
    assertThat(after.path("likely_ms").isNumber()).isTrue();
    assertThat(money(after.path("most"))).isEqualTo(money(before.path("most")));
  }

  @Test
  void what_may_be_spent_bounds_it_and_what_is_wrong_is_said() throws Exception {
    assertThat(money(estimate(body().put("max_cost", 0.001)).path("most")))
        .isEqualTo(Money.dollars("0.001"));
    ObjectNode prompt = Json.object().put("prompt", "what is 2 + 3?");
    assertThat(money(estimate(prompt).path("most"))).isEqualTo(Money.ZERO);
    assertThat(house.post("/estimates", Map.of("plan", PLAN)).statusCode()).isEqualTo(422);
    assertThat(house.post("/estimates", Map.of("plan", "name: [")).statusCode()).isEqualTo(422);
    assertThat(house.post("/estimates", Map.of()).statusCode()).isEqualTo(400);
  }
}
