package dev.capstan.agents.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.engine.step.Outcome;
import dev.capstan.journal.Checkpoint;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Agents work with their tools, survive any death, and do not run away. */
class AgentTest {
  private static final String WORKER =
      """
      rules:
        - match: {turn: 1}
          tools:
            - {tool: act, arguments: {n: 1}}
            - {tool: act, arguments: {n: 2}}
        - match: {turn: 2}
          tools: [{tool: broken, arguments: {}}]
        - match: {turn: 3}
          tools: [{tool: act, arguments: {n: 3}}]
        - match: {turn: 4}
          say: found it
      """;

  private static JsonNode output(Outcome outcome) {
    return ((Outcome.Completed) outcome).output();
  }

  private static ProblemCode failure(Outcome outcome) {
    return ((Outcome.Failed) outcome).problem().code();
  }

  @Test
  void an_agent_uses_its_tools_is_told_of_failures_and_answers() throws Exception {
    try (AgentRig rig = new AgentRig(WORKER)) {
      JsonNode result = output(rig.live(AgentRig.task("act", "broken")));
      assertThat(result.path("text").asString()).isEqualTo("found it");
      assertThat(result.path("turns").asInt()).isEqualTo(4);
      assertThat(rig.acted).containsExactly("act{\"n\":1}", "act{\"n\":2}", "act{\"n\":3}");
      assertThat(rig.journal)
          .extracting(Checkpoint::key)
          .containsExactly("turn", "result", "result", "turn", "result", "turn", "result", "turn");
      assertThat(Json.write(rig.journal.get(4).value())).contains("the tool is broken");
    }
  }

  @TestFactory
  Stream<DynamicTest> nothing_is_asked_or_done_twice_whichever_write_it_dies_after() {
    return Stream.iterate(1, write -> write <= 8, write -> write + 1)
        .map(write ->
            DynamicTest.dynamicTest(
                "dies after write " + write,
                () -> {
                  try (AgentRig rig = new AgentRig(WORKER)) {
                    die(rig, AgentRig.task("act", "broken"), write, true);
                    JsonNode result = output(rig.live(AgentRig.task("act", "broken")));
                    assertThat(result.path("text").asString()).isEqualTo("found it");
                    assertThat(rig.asked).doesNotHaveDuplicates().hasSize(4);
                    assertThat(rig.acted).doesNotHaveDuplicates().hasSize(3);
                  }
                }));
  }

  private static void die(AgentRig rig, JsonNode task, int write, boolean written)
      throws InterruptedException {
    try {
      Outcome outcome = rig.live(task, write, written);
      throw new AssertionError("it lived: " + outcome);
    } catch (AgentRig.Died dead) {
      assertThat(rig.journal).hasSize(written ? write : write - 1);
    }
  }

  @Test
  void a_call_that_must_not_be_made_twice_is_not_when_nobody_knows_whether_it_was()
      throws Exception {
    String script =
        """
        rules:
          - match: {turn: 1}
            tools: [{tool: once, arguments: {}}]
          - match: {turn: 2}
            say: done
        """;
    try (AgentRig rig = new AgentRig(script)) {
      // turn, begun, and then the result, which is never written
      die(rig, AgentRig.task("once"), 3, false);
      for (int attempts = 0; attempts < 3; attempts++) {
        assertThat(rig.live(AgentRig.task("once")))
            .isEqualTo(new Outcome.Unknown("resolved", "once {}"));
      }
      assertThat(rig.acted).hasSize(1);
      assertThat(rig.asked).hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "complete|{\"did\":\"once\"}|{\"did\":\"once\"}|1",
        "complete|paid at noon|paid at noon|1",
        "complete||This call took effect|1",
        "skip||a person decided to go on without it|1",
        "retry||{\"did\":\"once\"}|2"
      })
  void it_goes_on_at_the_same_turn_with_what_a_person_says(
      String said, String output, String told, int times) throws Exception {
    String script =
        """
        rules:
          - match: {turn: 1}
            tools: [{tool: once, arguments: {}}]
          - say: "{{result}}"
        """;
    // death 0: it lives; 1 and 2: it dies again before or after it has written what it was told.
    for (int death = 0; death < 3; death++) {
      try (AgentRig rig = new AgentRig(script)) {
        die(rig, AgentRig.task("once"), 3, false);
        ObjectNode answer = Json.object().put("resolution", said).put("by", "ada");
        if (output != null) {
          answer.set("output", output.startsWith("{") ? Json.parse(output) : Json.text(output));
        }
        rig.journal.add(new Checkpoint("resolved", answer));
        if (death > 0 && !said.equals("retry")) {
          die(rig, 1, death == 2);
        }
        JsonNode result = output(rig.live(AgentRig.task("once")));
        assertThat(result.path("text").asString()).contains(told);
        assertThat(result.path("turns").asInt()).isEqualTo(2);
        assertThat(rig.acted).hasSize(times);
        assertThat(rig.asked).hasSize(2);
      }
    }
  }

  private static void die(AgentRig rig, int write, boolean written) throws Exception {
    int kept = rig.journal.size();
    try {
      throw new AssertionError("it lived: " + rig.live(AgentRig.task("once"), write, written));
    } catch (AgentRig.Died dead) {
      assertThat(rig.journal).hasSize(kept + (written ? write : write - 1));
    }
  }

  @Test
  void a_call_that_broke_off_once_more_is_asked_about_once_more() throws Exception {
    String script =
        "rules: [{match: {turn: 1}, tools: [{tool: once, arguments: {}}]}, {say: \"{{result}}\"}]";
    try (AgentRig rig = new AgentRig(script)) {
      die(rig, AgentRig.task("once"), 3, false);
      rig.journal.add(new Checkpoint("resolved", Json.parse("{\"resolution\":\"retry\"}")));
      // announced again, and then the result, which is never written
      die(rig, 2, false);
      assertThat(rig.journal.getLast().key()).isEqualTo("begun");
      assertThat(rig.acted).hasSize(2);
      assertThat(rig.live(AgentRig.task("once"))).isInstanceOf(Outcome.Unknown.class);
    }
  }

  @Test
  void an_agent_that_goes_in_circles_is_told_and_then_ended() throws Exception {
    String script = "rules: [{tools: [{tool: act, arguments: {n: 1}}]}]";
    try (AgentRig rig = new AgentRig(script)) {
      assertThat(failure(rig.live(AgentRig.task("act")))).isEqualTo(ProblemCode.LIMIT_REACHED);
      assertThat(rig.acted).hasSize(1);
      assertThat(rig.asked).hasSize(RepetitionGuard.ENDS_AT);
    }
  }

  @Test
  void its_model_chooses_words_as_the_agent_wishes() throws Exception {
    ObjectNode task = AgentRig.task().deepCopy().asObject();
    task.putObject("sampling").put("temperature", 0.2).put("top_p", 7).put("seed", 42);
    try (AgentRig rig = new AgentRig("rules: [{say: done}]")) {
      assertThat(rig.live(task)).isInstanceOf(Outcome.Completed.class);
      assertThat(rig.sampled.temperature()).isEqualTo(0.2);
      assertThat(rig.sampled.topP()).as("within what there is").isEqualTo(1.0);
      assertThat(rig.sampled.seed()).isEqualTo(42);
    }
  }

  @Test
  void turns_and_money_are_bounded() throws Exception {
    try (AgentRig rig = new AgentRig(WORKER)) {
      ObjectNode task = AgentRig.task("act", "broken").deepCopy().asObject();
      task.putObject("limits").put("max_turns", 2);
      assertThat(failure(rig.live(task))).isEqualTo(ProblemCode.LIMIT_REACHED);
      assertThat(rig.asked).hasSize(2);
    }
    try (AgentRig rig = new AgentRig(WORKER)) {
      ObjectNode task = AgentRig.task("act", "broken").deepCopy().asObject();
      task.putObject("limits").put("cost_limit", 0.001);
      assertThat(rig.live(task)).isInstanceOf(Outcome.Failed.class);
      assertThat(rig.asked).as("a call that could pass the budget is not made").isEmpty();
    }
  }

  @Test
  void an_answer_that_does_not_fit_its_schema_is_asked_for_once_more() throws Exception {
    String script =
        """
        rules:
          - match: {turn: 1}
            say: forty-two
          - match: {turn: 2}
            say: "```json\\n{\\"n\\": 42}\\n```"
        """;
    ObjectNode task = AgentRig.task().deepCopy().asObject();
    task.set(
        "output_schema",
        Json.parse(
            "{\"type\":\"object\",\"required\":[\"n\"],\"properties\":{\"n\":{\"type\":\"integer\"}}}"));
    try (AgentRig rig = new AgentRig(script)) {
      assertThat(output(rig.live(task)).path("output").toString()).isEqualTo("{\"n\":42}");
    }
    try (AgentRig rig = new AgentRig("rules: [{say: never}]")) {
      assertThat(failure(rig.live(task))).isEqualTo(ProblemCode.TOOL_FAILED);
      assertThat(rig.asked).hasSize(2);
    }
  }

  @Test
  void a_model_that_there_is_not_is_refused_with_those_that_there_are() throws Exception {
    ObjectNode task = AgentRig.task().deepCopy().asObject().put("model", "defualt");
    try (AgentRig rig = new AgentRig("rules: [{say: never}]")) {
      Outcome.Failed failed = (Outcome.Failed) rig.live(task);
      assertThat(failed.problem().code()).isEqualTo(ProblemCode.NOT_FOUND);
      assertThat(failed.problem().detail())
          .contains("no model 'defualt'", "(default)", "docs/models.md");
      assertThat(rig.asked).isEmpty();
    }
  }

  @Test
  void whatever_an_agent_is_called_its_name_in_the_books_is_short_and_plain() throws Exception {
    ObjectNode task = AgentRig.task().deepCopy().asObject();
    for (String role : List.of("a\u0000b\nc \ud800", "𝄞".repeat(5_000), " ")) {
      try (AgentRig rig = new AgentRig("rules: [{say: done}]")) {
        String agent = output(rig.live(task.put("role", role))).path("agent").asString();
        assertThat(agent.codePointCount(0, agent.length())).isBetween(1, 100);
        assertThat(agent).doesNotContainPattern("[\\p{Cc}\\p{Cs}]");
      }
    }
  }

  @Test
  void what_the_model_makes_up_is_told_to_the_model() throws Exception {
    String script =
        """
        rules:
          - match: {turn: 1}
            tools:
              - {tool: fly, arguments: {}}
          - match: {turn: 2}
            say: I cannot
        """;
    List<String> told = new ArrayList<>();
    try (AgentRig rig = new AgentRig(script)) {
      assertThat(output(rig.live(AgentRig.task("act"))).path("text").asString())
          .isEqualTo("I cannot");
      rig.journal.forEach(kept -> told.add(Json.write(kept.value())));
    }
    assertThat(told.get(1)).contains("there is no tool 'fly'").contains("act");
  }
}
