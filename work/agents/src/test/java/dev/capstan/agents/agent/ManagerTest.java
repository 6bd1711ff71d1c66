package dev.capstan.agents.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.agents.memory.MemoryGroup;
import dev.capstan.engine.step.Outcome;
import dev.capstan.journal.Checkpoint;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.TenantId;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A manager has its task done by others, checks what they did, and survives any death. */
class ManagerTest {
  private static final String LED =
      """
      rules:
        - match: {agent: a chief, turn: 1}
          tools:
            - {tool: delegate, arguments: {agent: digger, task: dig, expected_output: a hole}}
        - match: {agent: a chief, turn: 2}
          tools: [{tool: delegate, arguments: {agent: filler, task: fill}}]
        - match: {agent: a chief, turn: 3}
          tools: [{tool: ask_again, arguments: {delegation: 1, remarks: deeper}}]
        - match: {agent: a chief, turn: 4}
          tools: [{tool: finish, arguments: {answer: it is dug}}]
        - match: {agent: a digger, turn: 1}
          tools: [{tool: act, arguments: {n: 1}}]
        - match: {agent: a digger, turn: 2}
          say: a hole
        - match: {agent: a digger, text: deeper}
          say: a deep hole
        - match: {agent: a filler, turn: 1}
          tools: [{tool: act, arguments: {n: 2}}]
        - match: {agent: a filler}
          say: filled
      """;

  private static ObjectNode worker(String name, String... tools) {
    ObjectNode worker =
        Json.object().put("name", name).put("role", "a " + name).put("goal", "to be done");
    var offered = worker.putArray("tools");
    List.of(tools).forEach(offered::add);
    return worker;
  }

  private static ObjectNode task() {
    ObjectNode task = Json.object().put("task", "have it dug");
    ObjectNode manager = worker("chief");
    manager.remove("tools");
    task.set("manager", manager);
    task.putArray("workers").add(worker("digger", "act")).add(worker("filler", "act"));
    return task;
  }

  private static JsonNode output(Outcome outcome) {
    return outcome instanceof Outcome.Completed done
        ? done.output()
        : Json.valueOf(((Outcome.Failed) outcome).problem());
  }

  private static AgentRig rig(String script) {
    AgentRig rig = new AgentRig(script);
    rig.tool = "manager";
    return rig;
  }

  @Test
  void a_manager_gives_pieces_away_sends_one_back_and_finishes() throws Exception {
    try (AgentRig rig = rig(LED)) {
      JsonNode result = output(rig.live(task()));
      assertThat(result.path("text").asString()).as(result.toString()).isEqualTo("it is dug");
      assertThat(result.path("delegations").size()).isEqualTo(2);
      assertThat(result.path("delegations").path(0).path("turns").asInt()).isEqualTo(3);
      assertThat(rig.acted).containsExactly("act{\"n\":1}", "act{\"n\":2}");
      assertThat(rig.journal)
          .extracting(Checkpoint::key)
          .containsExactly(
              "turn",
              "1/turn",
              "1/result",
              "1/turn",
              "result",
              "turn",
              "2/turn",
              "2/result",
              "2/turn",
              "result",
              "turn",
              "1/asked",
              "1/turn",
              "result",
              "turn",
              "result");
      assertThat(Json.write(rig.journal.get(13).value())).contains("a deep hole");
      assertThat(rig.asked).hasSize(9);
    }
  }

  @TestFactory
  Stream<DynamicTest> nothing_is_asked_or_done_twice_whichever_write_it_dies_at() {
    return IntStream.rangeClosed(1, 16)
        .boxed()
        .map(write ->
            DynamicTest.dynamicTest(
                "dies after write " + write,
                () -> {
                  try (AgentRig rig = rig(LED)) {
                    die(rig, write);
                    JsonNode result = output(rig.live(task()));
                    assertThat(result.path("text").asString()).isEqualTo("it is dug");
                    assertThat(result.path("delegations").size()).isEqualTo(2);
                    assertThat(rig.asked).hasSize(9);
                    assertThat(rig.acted).containsExactly("act{\"n\":1}", "act{\"n\":2}");
                    assertThat(rig.journal).hasSize(16);
                  }
                }));
  }

  private static void die(AgentRig rig, int write) throws InterruptedException {
    try {
      throw new AssertionError("it lived: " + rig.live(task(), write, true));
    } catch (AgentRig.Died dead) {
      assertThat(rig.journal).hasSize(write);
    }
  }

  @Test
  void what_a_whole_crew_cost_is_told_whoever_came_to_it_in_whichever_life() throws Exception {
    JsonNode whole;
    try (AgentRig rig = rig(LED)) {
      whole = output(rig.live(task()));
    }
    try (AgentRig rig = rig(LED)) {
      die(rig, 9);
      assertThat(output(rig.live(task()))).isEqualTo(whole);
    }
    assertThat(whole.path("input_tokens").asInt()).isGreaterThan(100);
  }

  @Test
  void delegations_are_bounded_and_never_to_oneself() throws Exception {
    String script =
        """
        rules:
          - match: {agent: a chief, turn: 1}
            tools: [{tool: delegate, arguments: {agent: chief, task: all of it}}]
          - match: {agent: a chief, turn: 2}
            tools:
              - {tool: delegate, arguments: {agent: filler, task: one}}
              - {tool: delegate, arguments: {agent: filler, task: two}}
          - match: {agent: a chief}
            say: enough
          - say: filled
        """;
    ObjectNode task = task().put("max_delegations", 1);
    try (AgentRig rig = rig(script)) {
      JsonNode result = output(rig.live(task));
      assertThat(result.path("text").asString()).isEqualTo("enough");
      assertThat(result.path("delegations").size()).isEqualTo(1);
      assertThat(Json.write(rig.journal.get(1).value())).contains("must be one of", "filler");
      assertThat(Json.write(rig.journal)).contains("which is all you may");
    }
  }

  @Test
  void what_is_wished_wrongly_is_told_to_the_manager() throws Exception {
    String script =
        """
        rules:
          - match: {agent: a chief, turn: 1}
            tools:
              - {tool: ask_again, arguments: {delegation: 7, remarks: more}}
              - {tool: fly, arguments: {}}
              - {tool: delegate, arguments: "{"}
              - {tool: delegate, arguments: {agent: digger}}
              - {tool: finish, arguments: {answer: 7}}
          - match: {agent: a chief, turn: 2}
            tools: [{tool: finish, arguments: {answer: {n: 7}}}]
        """;
    ObjectNode task = task();
    task.set("output_schema", Json.parse("{\"type\":\"object\",\"required\":[\"n\"]}"));
    try (AgentRig rig = rig(script)) {
      JsonNode result = output(rig.live(task));
      assertThat(result.path("output").path("n").asInt()).isEqualTo(7);
      assertThat(Json.write(rig.journal))
          .contains("there is no delegation 7", "no tool 'fly'", "no JSON", "task: is missing");
    }
  }

  @Test
  void a_worker_that_comes_to_no_result_is_told_to_the_manager() throws Exception {
    String script =
        """
        rules:
          - match: {agent: a chief, turn: 1}
            tools: [{tool: delegate, arguments: {agent: digger, task: dig}}]
          - match: {agent: a chief, turn: 2}
            say: nobody could
          - match: {agent: a digger}
            tools: [{tool: act, arguments: {n: 1}}]
        """;
    try (AgentRig rig = rig(script)) {
      assertThat(output(rig.live(task())).path("text").asString()).isEqualTo("nobody could");
      assertThat(Json.write(rig.journal)).contains("came to no result", "in circles");
    }
  }

  @Test
  void a_worker_that_failed_before_it_said_anything_is_asked_again_and_outgrows_its_window()
      throws Exception {
    String much = "because ".repeat(60);
    String script =
        """
        rules:
          - match: {agent: a chief, turn: 1}
            tools: [{tool: delegate, arguments: {agent: digger, task: dig}}]
          - match: {agent: a chief, turn: 2}
            tools: [{tool: ask_again, arguments: {delegation: 1, remarks: try now}}]
          - match: {agent: a chief}
            tools: [{tool: finish, arguments: {answer: it is dug}}]
          - match: {agent: keep the notes}
            say: it was dug at
          - {match: {agent: a digger}, fault: callers_mistake, times: 1}
          - match: {agent: a digger}
            tools: [{tool: act, arguments: {n: 1, why: MUCH}}]
            times: 1
          - match: {agent: a digger}
            tools: [{tool: act, arguments: {n: 2, why: MUCH}}]
            times: 1
          - match: {agent: a digger, text: try now}
            say: a hole
        """
            .replace("MUCH", much);
    ObjectNode task = task();
    ObjectNode digger = worker("digger", "act");
    digger.putObject("memory").put("window_tokens", 200);
    task.putArray("workers").add(digger);
    try (AgentRig rig = rig(script)) {
      assertThat(output(rig.live(task)).path("text").asString()).isEqualTo("it is dug");
      assertThat(Json.write(rig.journal)).contains("came to no result", "a hole", "1/summary");
    }
  }

  @Test
  void what_a_worker_must_not_do_twice_is_asked_about_and_answered_to_the_worker()
      throws Exception {
    ObjectNode task = task();
    task.putArray("workers").add(worker("digger", "act", "once")).add(worker("filler", "act"));
    String script =
        LED.replaceFirst("tool: act, arguments: \\{n: 1}", "tool: once, arguments: {n: 1}");
    try (AgentRig rig = rig(script)) {
      try {
        // turn, 1/turn, 1/begun, and then the result, which is never written
        throw new AssertionError("it lived: " + rig.live(task, 4, false));
      } catch (AgentRig.Died dead) {
        assertThat(rig.journal.getLast().key()).isEqualTo("1/begun");
      }
      assertThat(rig.live(task))
          .isEqualTo(new Outcome.Unknown("1/resolved", "delegation 1, digger: once {\"n\":1}"));
      rig.journal.add(new Checkpoint("1/resolved", Json.parse("{\"resolution\":\"complete\"}")));
      assertThat(output(rig.live(task)).path("text").asString()).isEqualTo("it is dug");
      assertThat(rig.acted).containsExactly("once{\"n\":1}", "act{\"n\":2}");
      assertThat(rig.asked).hasSize(9);
    }
  }

  private static final String AT_ONCE =
      """
      rules:
        - match: {agent: a chief, turn: 1}
          tools:
            - {tool: delegate, arguments: {agent: digger, task: dig}}
            - {tool: delegate, arguments: {agent: filler, task: fill}}
            - {tool: delegate, arguments: {agent: digger, task: dig more}}
        - match: {agent: a chief}
          tools: [{tool: finish, arguments: {answer: both}}]
        - match: {text: more}
          say: "more was dug"
        - match: {agent: a digger, turn: 1}
          tools: [{tool: meet, arguments: {}}]
        - match: {agent: a filler, turn: 1}
          tools: [{tool: meet, arguments: {}}]
        - say: "{{result}}"
      """;

  private static ObjectNode meeting() {
    ObjectNode task = task();
    task.putArray("workers").add(worker("digger", "meet")).add(worker("filler", "meet"));
    return task;
  }

  @Test
  void who_is_asked_in_one_breath_works_side_by_side_and_is_told_of_in_order() throws Exception {
    try (AgentRig rig = rig(AT_ONCE)) {
      JsonNode result = output(rig.live(meeting()));
      assertThat(result.path("text").asString()).as(result.toString()).isEqualTo("both");
      List<String> told =
          rig.journal.stream()
              .filter(kept -> kept.key().equals("result"))
              .map(kept -> kept.value().path("content").asString(""))
              .toList();
      assertThat(told.get(0)).startsWith("Delegation 1, by digger").contains("met");
      assertThat(told.get(1)).startsWith("Delegation 2, by filler").contains("met");
      assertThat(told.get(2)).startsWith("Delegation 3, by digger").contains("more was dug");
      assertThat(rig.journal.stream().map(Checkpoint::key).toList())
          .as("the same worker, one after the other")
          .containsSubsequence("1/result", "1/turn", "3/turn");
    }
  }

  @Test
  void when_one_of_them_ends_the_attempt_the_others_finish_what_they_are_at() throws Exception {
    String script =
        AT_ONCE
            .replaceFirst("tool: meet, arguments: \\{}", "tool: once, arguments: {n: 1}")
            .replace("tool: meet, arguments: {}", "tool: act, arguments: {n: 2}");
    ObjectNode task = meeting();
    task.putArray("workers").add(worker("digger", "once")).add(worker("filler", "act"));
    List<Checkpoint> whole;
    try (AgentRig rig = rig(script)) {
      assertThat(rig.live(task)).isInstanceOf(Outcome.Completed.class);
      whole = List.copyOf(rig.journal);
    }
    try (AgentRig rig = rig(script)) {
      Checkpoint digs = first(whole, "1/turn");
      JsonNode request = digs.value().path("message").path("tool_requests").path(0).path("id");
      rig.journal.addAll(List.of(first(whole, "turn"), digs));
      rig.journal.add(new Checkpoint("1/begun", Json.object().set("request", request)));
      assertThat(rig.live(task)).isInstanceOf(Outcome.Unknown.class);
      assertThat(rig.acted).containsExactly("act{\"n\":2}");
      assertThat(rig.journal.getLast().key()).isEqualTo("2/turn");
      rig.journal.add(new Checkpoint("1/resolved", Json.parse("{\"resolution\":\"retry\"}")));
      assertThat(output(rig.live(task)).path("text").asString()).isEqualTo("both");
      assertThat(rig.acted).containsExactly("act{\"n\":2}", "once{\"n\":1}");
    }
  }

  private static Checkpoint first(List<Checkpoint> kept, String key) {
    return kept.stream().filter(each -> each.key().equals(key)).findFirst().orElseThrow();
  }

  @Test
  void a_manager_with_a_memory_uses_it_itself() throws Exception {
    String script =
        """
        rules:
          - match: {agent: a chief, turn: 1}
            tools:
              - {tool: remember, arguments: {text: dig before noon}}
              - {tool: delegate, arguments: {agent: filler, task: fill}}
          - match: {agent: a chief, turn: 2}
            tools: [{tool: recall, arguments: {query: noon}}]
          - match: {agent: a chief}
            tools: [{tool: finish, arguments: {answer: done}}]
          - say: filled
        """;
    ObjectNode task = task();
    task.path("manager").asObject().putObject("memory").put("group", "diggers");
    try (AgentRig rig = rig(script)) {
      assertThat(output(rig.live(task)).path("text").asString()).isEqualTo("done");
      MemoryGroup group = new MemoryGroup(TenantId.LOCAL, "diggers");
      assertThat(rig.memory.list(group, 0, 10)).hasSize(1);
      assertThat(Json.write(rig.journal)).contains("dig before noon\\\",\\\"at");
    }
  }

  @Test
  void a_manager_that_could_ask_only_itself_is_refused() throws Exception {
    ObjectNode task = task();
    task.putArray("workers").add(worker("chief"));
    try (AgentRig rig = rig(LED)) {
      Outcome.Failed failed = (Outcome.Failed) rig.live(task);
      assertThat(failed.problem().code()).isEqualTo(ProblemCode.INVALID_INPUT);
      assertThat(rig.asked).isEmpty();
    }
  }
}
