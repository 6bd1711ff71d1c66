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

/** What a run may cost holds for all that is asked in its name. */
class MaxCostIT {
  /** A call costs 100 tokens in and 100 out: 0.0002 dollars. */
  private static final String MODELS =
      """
      providers:
        script: {type: scripted, script: script.yaml}
      models:
        smart: {primary: {provider: script, model: smart-1}, retry_policy: {max_retries: 0}}
      cost_tracking: {model_costs: {smart-1: {input: 0.001, output: 0.001}}}
      """;

  private static final String PLAN =
      """
      name: patient
      steps:
        - {id: agree, approval: "go on?"}
      """;

  private static final String NESTED =
      """
      name: outer
      cost_budget: 0.001
      steps:
        - id: inner
          plan:
            name: inner
            cost_budget: 5
            steps: [{id: agree, approval: "go on?"}]
      """;

  /** Three agents side by side, each of whom would spend 0.0002 dollars a turn, and two turns. */
  private static final String AGENTS =
      """
      name: agents
      allow_partial_completion: true
      steps:
        - {id: a, tool: agent, input: {role: a, goal: g, task: "act now", model: smart, limits: {max_output_tokens: 100}}}
        - {id: b, tool: agent, input: {role: b, goal: g, task: "act now", model: smart, limits: {max_output_tokens: 100}}}
        - {id: c, tool: agent, input: {role: c, goal: g, task: "act now", model: smart, limits: {max_output_tokens: 100}}}
      """;

  @TempDir Path home;
  private TestHouse house;
  private Money spent = Money.ZERO;

  @BeforeEach
  void open() throws Exception {
    Files.writeString(home.resolve("capstan.yaml"), MODELS);
    Files.writeString(
        home.resolve("script.yaml"),
        "rules: [{say: yes, usage: {input: 100, cached: 0, output: 100}}]");
    house = TestHouse.open(home);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private JsonNode submit(String plan, Object maxCost) throws Exception {
    ObjectNode body = Json.object().put("plan", plan);
    if (maxCost != null) {
      body.set("max_cost", Json.valueOf(maxCost));
    }
    HttpResponse<String> answer = house.post("/runs", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return Json.parse(answer.body());
  }

  private HttpResponse<String> ask(String run) throws Exception {
    ObjectNode body = ChatHouse.asking("smart", "may I?").put("max_tokens", 100);
    body.putObject("metadata").put("run", run).put("agent", "a");
    HttpResponse<String> answer = house.post("/v1/chat/completions", body);
    spent = spent.plus(Money.dollars(answer.headers().firstValue("x-capstan-cost").orElse("0")));
    return answer;
  }

  /** Asks until it is refused, and gives the refusal. */
  private String exhausted(String run) throws Exception {
    for (int i = 0; i < 50; i++) {
      HttpResponse<String> answer = ask(run);
      if (answer.statusCode() != 200) {
        assertThat(answer.statusCode()).isEqualTo(429);
        return answer.body();
      }
    }
    throw new AssertionError("it was never refused");
  }

  @Test
  void a_run_spends_no_more_than_it_may_and_is_told_the_amount() throws Exception {
    JsonNode run = submit(PLAN, 0.001);
    assertThat(run.path("max_cost").stringValue()).isEqualTo("0.001");
    String id = run.path("id").stringValue();
    assertThat(exhausted(id)).contains("the budget of run " + id, "of 0.001 dollars");
    assertThat(spent).isLessThanOrEqualTo(Money.dollars("0.001"));
    assertThat(spent).isGreaterThanOrEqualTo(Money.dollars("0.0006"));
    assertThat(ask(submit(PLAN, null).path("id").stringValue()).statusCode()).isEqualTo(200);
  }

  @Test
  void agents_of_one_run_share_what_it_may_spend_and_the_step_says_what_was_not_allowed()
      throws Exception {
    String id = submit(AGENTS, "0.0005").path("id").stringValue();
    JsonNode ended = house.end(id);
    assertThat(ended.path("status").stringValue()).isNotEqualTo("completed");
    assertThat(Json.write(ended))
        .contains("limit_reached", "the budget of run " + id, "of 0.0005 dollars");
    Money cost = Money.ZERO;
    for (int i = 0; i < 200; i++) {
      cost =
          Money.dollars(Json.parse(house.get("/costs?run=" + id).body()).path("cost").asString());
      assertThat(cost).isLessThanOrEqualTo(Money.dollars("0.0005"));
    }
    JsonNode enough = house.end(submit(AGENTS, "0.25").path("id").stringValue());
    assertThat(enough.path("status").stringValue()).isEqualTo("completed");
  }

  @Test
  void the_plan_may_say_it_and_whoever_submits_it_says_it_last() throws Exception {
    String plan = "cost_budget: \"0.002\"\n" + PLAN;
    assertThat(submit(plan, null).path("max_cost").stringValue()).isEqualTo("0.002");
    assertThat(submit(plan, "0.25").path("max_cost").stringValue()).isEqualTo("0.25");
    String id = submit(plan, 0).path("id").stringValue();
    assertThat(ask(id).statusCode()).isEqualTo(429);
    assertThat(spent).isEqualTo(Money.ZERO);
  }

  /** The sub-run begins soon after its parent. */
  private String child(String outer) throws Exception {
    for (int i = 0; i < 1_000; i++) {
      JsonNode on = Json.parse(house.get("/runs/" + outer).body()).path("waits").path(0).path("on");
      String run = on.path("run").asString("");
      if (!run.isEmpty() && house.get("/runs/" + run).statusCode() == 200) {
        return run;
      }
    }
    throw new AssertionError("it never began");
  }

  @Test
  void a_sub_run_spends_what_its_parent_may() throws Exception {
    String outer = submit(NESTED, null).path("id").stringValue();
    String inner = child(outer);
    assertThat(exhausted(inner)).contains("the budget of run " + outer, "of 0.001 dollars");
    assertThat(ask(outer).statusCode()).isEqualTo(429);
    assertThat(spent).isLessThanOrEqualTo(Money.dollars("0.001"));
  }

  @Test
  void a_fork_has_a_budget_of_its_own_as_large_as_its_origins() throws Exception {
    String id = submit(PLAN, "0.001").path("id").stringValue();
    String _ = exhausted(id);
    assertThat(house.post("/runs/" + id + "/approve", Map.of("step", "agree")).statusCode())
        .isEqualTo(202);
    JsonNode _ = house.end(id);
    HttpResponse<String> forked = house.post("/runs/" + id + "/fork", Map.of("from", "agree"));
    JsonNode fork = Json.parse(forked.body());
    assertThat(fork.path("max_cost").stringValue()).as(forked.body()).isEqualTo("0.001");
    assertThat(ask(fork.path("id").stringValue()).statusCode()).isEqualTo(200);
  }

  @Test
  void what_is_no_amount_is_refused_in_its_place() throws Exception {
    for (String wrong : new String[] {"\"much\"", "-1", "true", "[]", "1e30", "0.0000000000001"}) {
      HttpResponse<String> answer =
          house.post("/runs", Json.object().put("plan", PLAN).set("max_cost", Json.parse(wrong)));
      assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
      assertThat(answer.body()).as(wrong).contains("max_cost");
    }
    HttpResponse<String> planned =
        house.post("/runs", Map.of("plan", "cost_budget: lots\n" + PLAN));
    assertThat(planned.statusCode()).isEqualTo(422);
    assertThat(planned.body()).contains("cost_budget");
  }
}
