package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A fork asks and pays for what comes after the fork, and for nothing else. */
class ForkModelIT {
  @TempDir Path home;
  private TestHouse house;
  private String run = "";

  @BeforeEach
  void a_run_of_two_agents() throws Exception {
    house = RecordedRunIT.house(home, RecordedRunIT.ANSWERS);
    run = RecordedRunIT.submit(house, RecordedRunIT.CREW);
    assertThat(house.end(run).path("status").stringValue()).isEqualTo("completed");
    ledgerSays(run, "step", "book 3", "judge 2");
  }

  @AfterEach
  void close() {
    house.close();
  }

  /** Who was asked how often in a run, as the ledger has it. */
  private List<String> ledger(String of, String by) throws Exception {
    JsonNode costs = Json.parse(house.get("/costs?by=" + by + "&run=" + of).body());
    List<String> rows = new ArrayList<>();
    for (JsonNode sum : costs.path("items").values()) {
      rows.add(sum.path("who").path(by).asString("") + " " + sum.path("calls").asInt(0));
    }
    return rows.stream().sorted().toList();
  }

  /** The ledger is written a moment after the answer: it is asked until it says so. */
  private void ledgerSays(String of, String by, String... rows) throws Exception {
    List<String> found = ledger(of, by);
    for (int tries = 0; !found.equals(List.of(rows)) && tries < 1_000; tries++) {
      found = ledger(of, by);
    }
    assertThat(found).containsExactly(rows);
  }

  private double asked() throws Exception {
    return house
        .get("/metrics")
        .body()
        .lines()
        .filter(line -> line.startsWith("llm_api_calls_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private JsonNode fork(Map<String, Object> body) throws Exception {
    HttpResponse<String> answer = house.post("/runs/" + run + "/fork", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    return house.end(Json.parse(answer.body()).path("id").stringValue());
  }

  private static String output(JsonNode of, String step) {
    for (JsonNode each : of.path("steps").values()) {
      if (each.path("id").asString("").equals(step)) {
        return each.path("output").path("text").asString("");
      }
    }
    return "";
  }

  @Test
  void another_prompt_and_model_for_a_step_ask_nothing_of_what_came_before() throws Exception {
    double before = asked();
    JsonNode fork =
        fork(
            Map.of(
                "from",
                "judge",
                "step_input",
                Map.of("model", "other", "task", "Doubt ${steps.book.output.text}")));
    String id = fork.path("id").stringValue();
    assertThat(fork.path("status").stringValue()).as("%s", fork).isEqualTo("completed");
    assertThat(asked() - before).isEqualTo(2);
    ledgerSays(id, "step", "judge 2");
    ledgerSays(id, "model", "others 2");
    assertThat(output(fork, "book")).isEqualTo("The order comes to 64.20.");
    assertThat(output(fork, "judge")).contains("Doubt The order comes to 64.20.");
    assertThat(RecordedRunIT.again(house, id).path("same").asBoolean()).isTrue();
    System.out.println("figure: a fork of a run of 5 calls asked 2, the ledger shows 2");
  }

  @Test
  void a_step_that_comes_after_may_be_changed_too_and_one_before_may_not() throws Exception {
    JsonNode fork =
        fork(Map.of("from", "book", "steps", Map.of("judge", Map.of("task", "Nothing new?"))));
    assertThat(output(fork, "judge")).contains("Nothing new?");
    ledgerSays(fork.path("id").stringValue(), "step", "book 3", "judge 2");
    for (Map<String, Object> wrong :
        List.<Map<String, Object>>of(
            Map.of("from", "judge", "steps", Map.of("book", Map.of("task", "x"))),
            Map.of("from", "judge", "steps", Map.of("jugde", Map.of("task", "x"))),
            Map.of("from", "judge", "step_input", Map.of("task", "${steps.note.output}")),
            Map.of("from", "judge", "steps", Map.of("judge", 7)),
            Map.of("from", "judge", "turn", 9))) {
      HttpResponse<String> answer = house.post("/runs/" + run + "/fork", wrong);
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    }
  }

  @Test
  void in_the_middle_of_an_agent_s_work_its_turns_so_far_are_taken_over() throws Exception {
    double before = asked();
    JsonNode fork = fork(Map.of("from", "book", "turn", 3));
    String id = fork.path("id").stringValue();
    assertThat(asked() - before).as("one turn of the first, two of the second").isEqualTo(3);
    ledgerSays(id, "step", "book 1", "judge 2");
    assertThat(output(fork, "book")).isEqualTo("The order comes to 64.20.");
    JsonNode replayed = Json.parse(house.post("/runs/" + id + "/replay", Map.of()).body());
    assertThat(replayed.path("agrees").asBoolean()).as("%s", replayed).isTrue();
    assertThat(RecordedRunIT.again(house, id).path("same").asBoolean()).isTrue();
    JsonNode todos =
        house.end(
            RecordedRunIT.submit(
                house, "name: t\nsteps: [{id: l, tool: todo, input: {action: list}}]"));
    assertThat(Json.write(todos)).as("the todo was added once by the agent").contains("pay 64.20");
  }
}
