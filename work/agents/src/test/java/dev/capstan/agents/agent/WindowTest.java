package dev.capstan.agents.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.engine.step.Outcome;
import dev.capstan.journal.Checkpoint;
import dev.capstan.kernel.Json;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** An agent whose conversation passes its window goes on from notes, written and paid for once. */
class WindowTest {
  private static final int CALLS = 6;

  /** Calls {@code act} six times with much to say, and then answers; each rule speaks once. */
  private static String wordy() {
    StringBuilder script = new StringBuilder("rules:\n");
    script.append("  - match: {agent: keep the notes}\n    say: act was called\n");
    for (int n = 1; n <= CALLS; n++) {
      script
          .append("  - tools: [{tool: act, arguments: {n: ")
          .append(n)
          .append(", why: ")
          .append("because ".repeat(60))
          .append("}}]\n    times: 1\n");
    }
    return script.append("  - say: found it\n").toString();
  }

  private static JsonNode task() {
    ObjectNode task = AgentRig.task("act").deepCopy().asObject();
    task.putObject("memory").put("window_tokens", 500);
    return task;
  }

  private static List<String> keys(AgentRig rig) {
    return rig.journal.stream().map(Checkpoint::key).toList();
  }

  @Test
  void the_oldest_turns_are_replaced_by_notes_and_the_agent_goes_on() throws Exception {
    try (AgentRig rig = new AgentRig(wordy())) {
      JsonNode result = ((Outcome.Completed) rig.live(task())).output();
      assertThat(result.path("text").asString()).isEqualTo("found it");
      assertThat(result.path("turns").asInt()).isEqualTo(CALLS + 1);
      assertThat(rig.acted).hasSize(CALLS);
      assertThat(keys(rig)).contains(Conversation.SUMMARY);
      Checkpoint notes =
          rig.journal.stream()
              .filter(kept -> kept.key().equals(Conversation.SUMMARY))
              .findFirst()
              .orElseThrow();
      assertThat(Json.write(notes.value())).contains("act was called");
      long paid =
          rig.journal.stream()
              .mapToLong(kept -> kept.value().path("usage").path("input_tokens").asLong())
              .sum();
      assertThat(result.path("input_tokens").asLong()).as("notes are paid for").isEqualTo(paid);
    }
  }

  @TestFactory
  Stream<DynamicTest> notes_are_written_once_whichever_write_it_dies_after() throws Exception {
    List<String> whole;
    int asked;
    try (AgentRig rig = new AgentRig(wordy())) {
      rig.live(task());
      whole = keys(rig);
      asked = rig.asked.size();
    }
    return IntStream.rangeClosed(1, whole.size())
        .mapToObj(write ->
            DynamicTest.dynamicTest(
                "dies after write " + write,
                () -> {
                  try (AgentRig rig = new AgentRig(wordy())) {
                    try {
                      throw new AssertionError("it lived: " + rig.live(task(), write, true));
                    } catch (AgentRig.Died dead) {
                      assertThat(rig.journal).hasSize(write);
                    }
                    JsonNode result = ((Outcome.Completed) rig.live(task())).output();
                    assertThat(result.path("text").asString()).isEqualTo("found it");
                    assertThat(keys(rig)).isEqualTo(whole);
                    assertThat(rig.asked).hasSize(asked);
                    assertThat(rig.acted).doesNotHaveDuplicates().hasSize(CALLS);
                  }
                }));
  }
}
