package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Agents as steps of runs, with the models of the examples. */
class AgentIT {
  private static final Path EXAMPLES =
      Path.of(System.getProperty("user.dir")).resolve("../../examples").normalize();

  @TempDir Path home;

  private static JsonNode submission(String file) throws Exception {
    return Json.object().put("plan", Files.readString(EXAMPLES.resolve(file)));
  }

  private static JsonNode run(TestHouse house, JsonNode submission) throws Exception {
    JsonNode accepted = Json.parse(house.post("/runs", submission).body());
    return house.end(accepted.path("id").stringValue());
  }

  @Test
  void an_agent_works_with_the_house_s_tools_and_its_run_pays() throws Exception {
    Path models = EXAMPLES.resolve("models/capstan.yaml");
    try (TestHouse house = TestHouse.open(home, Map.of("CAPSTAN_CONFIG", models.toString()))) {
      JsonNode run = run(house, submission("agent.yaml"));
      assertThat(run.path("status").asString()).as(run.toString()).isEqualTo("completed");
      assertThat(run.path("outputs").path("answer").asString()).contains("64.20");
      assertThat(run.path("outputs").path("turns").asInt()).isEqualTo(3);
      assertThat(costs(house, 3).path("who").path("agent").asString()).isEqualTo("bookkeeper");
    }
  }

  @Test
  void a_crew_is_a_run_and_its_agents_pay_each_for_themselves() throws Exception {
    Path models = EXAMPLES.resolve("models/capstan.yaml");
    try (TestHouse house = TestHouse.open(home, Map.of("CAPSTAN_CONFIG", models.toString()))) {
      String crew = Files.readString(EXAMPLES.resolve("crew.yaml"));
      JsonNode body =
          Json.object().put("crew", crew).set("inputs", Json.parse("{\"topic\": \"tea\"}"));
      JsonNode run = run(house, body);
      assertThat(run.path("status").asString()).as(run.toString()).isEqualTo("completed");
      assertThat(run.path("outputs").path("page").asString()).contains("alone");
      assertThat(run.path("steps").size()).isEqualTo(4);
      JsonNode broken = Json.object().put("crew", crew.replace("agent: editor", "agent: edtior"));
      JsonNode checked = Json.parse(house.post("/plans/check", broken).body());
      assertThat(checked.path("mistakes").toString()).contains("did you mean 'editor'?");
      assertThat(house.post("/runs", broken).statusCode()).isEqualTo(422);
      assertThat(house.get("/crews/schema").body()).contains("Capstan crew");
    }
  }

  @Test
  void a_manager_has_its_task_done_by_others() throws Exception {
    Path models = EXAMPLES.resolve("models/capstan.yaml");
    try (TestHouse house = TestHouse.open(home, Map.of("CAPSTAN_CONFIG", models.toString()))) {
      JsonNode run = run(house, submission("led.yaml"));
      assertThat(run.path("status").asString()).as(run.toString()).isEqualTo("completed");
      assertThat(run.path("outputs").path("answer").asString()).contains("44.10, for good");
      JsonNode output = run.path("steps").path(0).path("output");
      assertThat(output.path("delegations").size()).as(output.toString()).isEqualTo(2);
    }
  }

  @Test
  void a_person_looks_at_a_result_and_has_it_revised() throws Exception {
    String script =
        """
        rules:
          - match: {text: shorter please}
            say: short
          - match: {text: name it}
            say: "{{user}}"
          - say: much too long
        """;
    String crew =
        """
        agents: {writer: {role: writer, goal: g}}
        tasks:
          page: {description: write it, agent: writer, human_input: true}
          title: {description: name it, agent: writer}
        """;
    for (String comment : new String[] {"shorter please", ""}) {
      try (TestHouse house = TestHouse.scripted(home, script)) {
        JsonNode accepted = Json.parse(house.post("/runs", Json.object().put("crew", crew)).body());
        String run = accepted.path("id").stringValue();
        JsonNode yes = Json.object().put("comment", comment);
        int status = 0;
        // Each try is a request over HTTP: the wait for the approval is bounded by their number.
        for (int tries = 0; status != 202 && tries < 2_000; tries++) {
          status = house.post("/runs/" + run + "/approve", yes).statusCode();
        }
        JsonNode end = house.end(run);
        String answer = end.path("outputs").path("answer").asString("");
        assertThat(answer)
            .as(end.toString())
            .contains(comment.isEmpty() ? "page:\nmuch too long" : "page:\nshort");
      }
    }
  }

  /** The one agent's costs, once the ledger has written down so many calls. */
  private static JsonNode costs(TestHouse house, int calls) throws Exception {
    JsonNode costs = Json.object();
    // Each look is a request over HTTP: the wait is bounded by their number.
    for (int looks = 0; looks < 2_000; looks++) {
      costs = Json.parse(house.get("/costs?by=agent").body());
      if (costs.path("items").path(0).path("calls").asInt(0) == calls) {
        return costs.path("items").path(0);
      }
    }
    throw new AssertionError(costs.toString());
  }

  @Test
  void without_a_model_for_it_the_step_says_what_is_missing() throws Exception {
    try (TestHouse house = TestHouse.open(home)) {
      JsonNode run = run(house, submission("agent.yaml"));
      assertThat(run.path("status").asString()).isEqualTo("failed");
      assertThat(run.toString())
          .contains("none is called 'default'", "(demo)", "docs/models.md")
          .contains("not_found");
    }
  }
}
