package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Agents remember from run to run, and people see and forget what they remember. */
class MemoryIT {
  private static final String MODELS =
      """
      providers:
        mind: {type: scripted, script: mind.yaml}
      models:
        default: {primary: {provider: mind, model: mind}}
      """;

  private static final String MIND =
      """
      rules:
        - match: {text: learn, turn: 1}
          tools:
            - {tool: remember, arguments: {text: The warehouse in Oslo closes at noon on Fridays, importance: 0.9}}
        - match: {text: learn, turn: 2}
          say: learnt
        - say: "{{user}}"
      """;

  @TempDir Path home;

  private static JsonNode plan(String task) {
    return Json.object()
        .put(
            "plan",
            """
            name: keeper
            steps:
              - id: work
                tool: agent
                input:
                  role: keeper
                  goal: to know
                  task: %s
                  memory: {group: stores, recall: 3}
            outputs: {answer: "${steps.work.output.text}"}
            """
                .formatted(task));
  }

  private static JsonNode run(TestHouse house, String task) throws Exception {
    JsonNode accepted = Json.parse(house.post("/runs", plan(task)).body());
    JsonNode run = house.end(accepted.path("id").stringValue());
    assertThat(run.path("status").asString()).as(run.toString()).isEqualTo("completed");
    return run;
  }

  /** From its recording: what came to mind then comes to mind again, and nothing is done. */
  private static void rehearsed(TestHouse house, JsonNode run, int results) throws Exception {
    String path = "/runs/" + run.path("id").asString() + "/replay";
    String body = house.post(path, Json.object().put("recorded", true)).body();
    JsonNode again = Json.parse(body).path("recorded");
    assertThat(again.path("same").asBoolean()).as(body).isTrue();
    assertThat(again.path("misses").isEmpty()).as(body).isTrue();
    assertThat(again.path("results").asInt()).as(body).isEqualTo(results);
  }

  @Test
  void what_one_run_learns_another_is_told_and_a_person_can_forget() throws Exception {
    Path models = Files.writeString(home.resolve("models.yaml"), MODELS);
    Files.writeString(home.resolve("mind.yaml"), MIND);
    try (TestHouse house = TestHouse.open(home, Map.of("CAPSTAN_CONFIG", models.toString()))) {
      JsonNode learnt = run(house, "learn about the warehouse");
      JsonNode told = run(house, "When can I fetch goods in Oslo?");
      assertThat(told.path("outputs").path("answer").asString())
          .startsWith("When can I fetch goods in Oslo?")
          .contains("closes at noon on Fridays");
      assertThat(house.get("/memory").body())
          .isEqualTo("{\"items\":[{\"group\":\"stores\",\"memories\":1}]}");
      rehearsed(house, learnt, 1);
      rehearsed(house, told, 0);
      assertThat(house.get("/memory").body()).contains("\"memories\":1");
      JsonNode found = Json.parse(house.get("/memory/stores?q=opening+hours").body());
      JsonNode memory = found.path("items").path(0);
      assertThat(memory.path("text").asString()).contains("Oslo");
      assertThat(memory.path("relevance").asDouble()).isGreaterThan(0.2);
      assertThat(memory.path("metadata").path("step").asString()).isEqualTo("work");
      String one = "/memory/stores/" + memory.path("id").asString();
      assertThat(house.delete("/memory/others" + one.substring(14)).statusCode()).isEqualTo(404);
      assertThat(house.delete(one).body()).isEqualTo("{\"forgotten\":1}");
      assertThat(house.delete(one).statusCode()).isEqualTo(404);
      assertThat(house.get("/memory").body()).isEqualTo("{\"items\":[]}");
      assertThat(house.get("/memory/stores?q=").statusCode()).isEqualTo(422);
    }
  }
}
