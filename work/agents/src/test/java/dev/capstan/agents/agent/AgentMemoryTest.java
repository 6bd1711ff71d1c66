package dev.capstan.agents.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.agents.memory.MemoryGroup;
import dev.capstan.agents.memory.Remembered;
import dev.capstan.agents.memory.Writing;
import dev.capstan.engine.step.Outcome;
import dev.capstan.journal.Checkpoint;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.TenantId;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Agents remember for their group, once, and go by the same memories after any death. */
class AgentMemoryTest {
  private static final MemoryGroup CREW = new MemoryGroup(TenantId.LOCAL, "crew");
  private static final MemoryGroup OTHERS = new MemoryGroup(TenantId.LOCAL, "others");

  private static final String DILIGENT =
      """
      rules:
        - match: {turn: 1}
          tools:
            - {tool: remember, arguments: {text: the door code is 4711, importance: 0.9}}
            - {tool: recall, arguments: {query: door code}}
        - match: {turn: 2}
          say: "I was told: {{user}}"
      """;

  private static JsonNode task(String group) {
    ObjectNode task = AgentRig.task().deepCopy().asObject().put("task", "find the door");
    task.putObject("memory").put("group", group).put("recall", 3).put("remember", true);
    return task;
  }

  private static List<String> texts(AgentRig rig, MemoryGroup group) {
    return rig.memory.list(group, 0, 100).stream().map(Remembered::text).sorted().toList();
  }

  private static String answer(Outcome outcome) {
    return ((Outcome.Completed) outcome).output().path("text").asString();
  }

  @Test
  void it_is_told_what_its_group_remembers_uses_its_tools_and_remembers_its_answer()
      throws Exception {
    try (AgentRig rig = new AgentRig(DILIGENT)) {
      rig.memory.write(CREW, Writing.of("1", "the door is green"), rig.time.instant());
      rig.memory.write(OTHERS, Writing.of("1", "the door is a secret"), rig.time.instant());
      assertThat(answer(rig.live(task("crew"))))
          .startsWith("I was told: find the door")
          .contains("the door is green")
          .doesNotContain("secret");
      assertThat(texts(rig, CREW))
          .hasSize(3)
          .contains("the door is green", "the door code is 4711")
          .anySatisfy(text -> assertThat(text).startsWith("Task: find the door\nAnswer: I was"));
      assertThat(texts(rig, OTHERS)).containsExactly("the door is a secret");
      assertThat(rig.journal)
          .extracting(Checkpoint::key)
          .containsExactly("recalled", "turn", "result", "result", "turn");
      assertThat(Json.write(rig.journal.get(3).value()))
          .as("what recall told")
          .contains("4711")
          .contains("0.9");
    }
  }

  @TestFactory
  Stream<DynamicTest> nothing_is_remembered_twice_whichever_write_it_dies_at() {
    return IntStream.rangeClosed(1, 10)
        .mapToObj(death ->
            DynamicTest.dynamicTest(
                "dies " + (death % 2 == 0 ? "after" : "before") + " write " + (death + 1) / 2,
                () -> {
                  try (AgentRig rig = new AgentRig(DILIGENT)) {
                    rig.memory.write(
                        CREW, Writing.of("1", "the door is green"), rig.time.instant());
                    try {
                      Outcome lived = rig.live(task("crew"), (death + 1) / 2, death % 2 == 0);
                      throw new AssertionError("it lived: " + lived);
                    } catch (AgentRig.Died dead) {
                      // What others write meanwhile does not change what was recalled.
                      String other = "the door has a bell";
                      rig.memory.write(CREW, Writing.of("2", other), rig.time.instant());
                    }
                    String told = answer(rig.live(task("crew")));
                    assertThat(told.contains("bell")).isEqualTo(death == 1);
                    assertThat(texts(rig, CREW)).hasSize(4);
                  }
                }));
  }

  @Test
  void an_agent_that_asks_for_no_memory_has_none() throws Exception {
    String script =
        "rules: [{match: {turn: 1}, tools: [{tool: recall, arguments: {query: a}}]}, {say: \"{{result}}\"}]";
    try (AgentRig rig = new AgentRig(script)) {
      ObjectNode task = AgentRig.task().deepCopy().asObject();
      task.putObject("memory").put("window_tokens", 5_000);
      assertThat(answer(rig.live(task))).contains("there is no tool 'recall'");
    }
  }

  @Test
  void a_wrong_wish_is_told_to_the_model() throws Exception {
    String script =
        """
        rules:
          - match: {turn: 1}
            tools: [{tool: remember, arguments: {text: "", importance: 7}}]
          - say: "{{result}}"
        """;
    try (AgentRig rig = new AgentRig(script)) {
      assertThat(answer(rig.live(task("crew")))).contains("1 to 8000");
    }
  }
}
