package dev.capstan.agents.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.engine.step.Outcome;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.llm.chat.ToolRequest;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What becomes of answers that the bound of their tokens cuts off: four letters are a token. */
class CutShortTest {
  private static final JsonNode SCHEMA =
      Json.parse("{\"type\":\"object\",\"required\":[\"n\"],\"properties\":{\"n\":{}}}");

  private static ObjectNode task(int most, boolean keep, String... tools) {
    ObjectNode task = AgentRig.task(tools).deepCopy().asObject();
    ObjectNode limits = task.putObject("limits").put("max_output_tokens", most);
    if (keep) {
      limits.put("keep_cut", true);
    }
    return task;
  }

  private static JsonNode output(Outcome outcome) {
    return ((Outcome.Completed) outcome).output();
  }

  private static Problem problem(Outcome outcome) {
    return ((Outcome.Failed) outcome).problem();
  }

  @Test
  void one_that_may_be_cut_is_the_answer_as_far_as_it_goes_and_says_so() throws Exception {
    try (AgentRig rig = new AgentRig("rules: [{say: one two three}]")) {
      JsonNode result = output(rig.live(task(2, true)));
      assertThat(result.path("text").asString()).isEqualTo("one two ");
      assertThat(result.path("finish").asString()).isEqualTo("length");
      assertThat(rig.asked).hasSize(1);
      assertThat(output(rig.live(task(2, true)))).as("by another attempt").isEqualTo(result);
      assertThat(rig.asked).hasSize(1);
    }
    try (AgentRig rig = new AgentRig("rules: [{say: short}]")) {
      assertThat(output(rig.live(task(2, true))).has("finish")).isFalse();
    }
  }

  @Test
  void one_in_a_form_has_no_value_when_it_is_cut() throws Exception {
    ObjectNode task = task(2, true);
    task.set("output_schema", SCHEMA);
    try (AgentRig rig = new AgentRig("rules: [{json: {n: 1234567}}]")) {
      JsonNode result = output(rig.live(task));
      assertThat(result.path("text").asString()).isEqualTo("{\"n\":123");
      assertThat(result.has("output")).isFalse();
    }
  }

  @Test
  void another_is_asked_for_once_more_and_then_fails_with_what_would_help() throws Exception {
    String script = "rules: [{match: {turn: 1}, say: one two three}, {say: four}]";
    try (AgentRig rig = new AgentRig(script)) {
      JsonNode result = output(rig.live(task(2, false)));
      assertThat(result.path("text").asString()).isEqualTo("four");
      assertThat(result.has("finish")).isFalse();
      assertThat(Json.write(rig.journal)).contains("Answer again, whole and shorter");
    }
    try (AgentRig rig = new AgentRig("rules: [{say: one two three}]")) {
      Problem problem = problem(rig.live(task(2, false)));
      assertThat(problem.code()).isEqualTo(ProblemCode.LIMIT_REACHED);
      assertThat(problem.detail()).contains("after 2 tokens", "max_output_tokens", "keep_cut");
      assertThat(rig.asked).hasSize(2);
    }
  }

  @Test
  void a_call_that_breaks_off_is_not_made_and_the_whole_ones_before_it_are() throws Exception {
    String script =
        """
        rules:
          - match: {turn: 1}
            tools:
              - {tool: act, arguments: {n: 1}}
              - {tool: act, arguments: {n: 2, long: "0123456789"}}
          - match: {turn: 2}
            tools: [{tool: act, arguments: {n: 2}}]
          - say: done
        """;
    try (AgentRig rig = new AgentRig(script)) {
      assertThat(output(rig.live(task(6, false, "act"))).path("text").asString()).isEqualTo("done");
      assertThat(rig.acted).containsExactly("act{\"n\":1}", "act{\"n\":2}");
      assertThat(Json.write(rig.journal)).contains("cut off within this call");
    }
  }

  @Test
  void calls_that_break_off_again_and_again_end_it() throws Exception {
    String script = "rules: [{say: I will., tools: [{tool: act, arguments: {n: 1234567890}}]}]";
    for (boolean keep : List.of(true, false)) {
      try (AgentRig rig = new AgentRig(script)) {
        Outcome outcome = rig.live(task(4, keep, "act"));
        assertThat(rig.acted).isEmpty();
        assertThat(rig.asked).hasSize(3);
        if (keep) {
          assertThat(output(outcome).path("text").asString()).isEqualTo("I will.");
          assertThat(output(outcome).path("finish").asString()).isEqualTo("length");
        } else {
          assertThat(problem(outcome).code()).isEqualTo(ProblemCode.LIMIT_REACHED);
        }
        assertThat(rig.live(task(4, keep, "act"))).as("another attempt").isEqualTo(outcome);
        assertThat(rig.asked).hasSize(3);
      }
    }
  }

  @Test
  void a_manager_s_last_word_is_told_as_far_as_it_goes() throws Exception {
    String script =
        "rules: [{tools: [{tool: finish, arguments: {answer: \"a \\\"deep\\\" hole\"}}]}]";
    ObjectNode worker = Json.object().put("name", "w").put("role", "r").put("goal", "g");
    ObjectNode task = Json.object().put("task", "dig");
    task.set("manager", worker.deepCopy().put("name", "chief"));
    task.path("manager").asObject().set("limits", task(6, true).path("limits"));
    task.putArray("workers").add(worker);
    try (AgentRig rig = new AgentRig(script)) {
      rig.tool = "manager";
      JsonNode result = output(rig.live(task));
      assertThat(result.path("text").asString()).isEqualTo("a \"dee");
      assertThat(result.path("finish").asString()).isEqualTo("length");
    }
  }

  @Test
  void an_answer_that_breaks_off_anywhere_is_read_up_to_there() {
    Protocol protocol = new Protocol(List.of("w"), null);
    String whole = "{\"answer\": \"a\\n\\ud83d\\ude00b\"}";
    for (int end = 0; end < whole.length(); end++) {
      ToolRequest cut = new ToolRequest("1", Protocol.FINISH, whole.substring(0, end));
      Optional<String> begun = protocol.begunAnswer(cut);
      assertThat("a\n\ud83d\ude00b").as(cut.arguments()).startsWith(begun.orElse(""));
      assertThat(begun.isPresent()).isEqualTo(end >= "{\"answer\": \"".length());
    }
    Protocol form = new Protocol(List.of("w"), SCHEMA);
    ToolRequest cut = new ToolRequest("1", Protocol.FINISH, "{\"answer\":{\"n\":12");
    assertThat(form.begunAnswer(cut)).contains("{\"n\":12");
    assertThat(form.begunAnswer(new ToolRequest("1", "delegate", "{\"answer\":1"))).isEmpty();
  }
}
