package dev.capstan.agents.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.engine.step.Outcome;
import dev.capstan.journal.Checkpoint;
import dev.capstan.kernel.Json;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Vendors name calls as they like, and may name two of them the same: each is made, once, under a
 * key of its own, whichever write the process dies at, and what came of it is told by an id that
 * the vendor knows.
 */
class RepeatedIdsStory {
  @TestFactory
  Stream<DynamicTest> a_vendor_that_counts_what_it_is_shown_begins_anew_after_notes() {
    return lives(
        Talks::counting,
        Talks.narrow(),
        List.of("book1", "book2", "book3", "pay4", "book5", "book6"));
  }

  @TestFactory
  Stream<DynamicTest> a_vendor_that_begins_anew_with_every_answer() {
    return lives(
        Talks::anew,
        AgentRig.task("book", "pay"),
        List.of("book1", "pay2", "book3", "pay4", "book5", "pay6"));
  }

  @TestFactory
  Stream<DynamicTest> one_id_for_all_calls_of_an_answer_and_of_the_next() {
    return Talks.IDS.stream()
        .flatMap(id ->
            lives(
                Talks.all(id),
                AgentRig.task("book", "pay"),
                List.of("book1", "pay2", "book3", "pay4", "book5")));
  }

  @TestFactory
  Stream<DynamicTest> all_of_them_in_one_answer() {
    List<String> did = new ArrayList<>();
    List<ToolRequest> wishes = new ArrayList<>();
    for (String id : Talks.IDS) {
      int n = wishes.size() + 1;
      wishes.add(SpokenModel.call(id, n % 3 == 0 ? "pay" : "book", n));
      did.add((n % 3 == 0 ? "pay" : "book") + n);
    }
    return lives(
        messages ->
            SpokenModel.last(messages) == 0
                ? SpokenModel.calls(wishes.toArray(ToolRequest[]::new))
                : Message.Assistant.says(Talks.END),
        AgentRig.task("book", "pay"),
        did);
  }

  private static Stream<DynamicTest> lives(
      Function<List<Message>, Message.Assistant> speech, JsonNode task, List<String> did) {
    SpokenModel model = new SpokenModel(speech, task.has("memory"));
    List<Checkpoint> whole;
    try (AgentRig calm = new AgentRig(model)) {
      isDone(calm, task, did);
      whole = List.copyOf(calm.journal);
    } catch (Exception broken) {
      throw new AssertionError(broken);
    }
    return IntStream.rangeClosed(1, whole.size())
        .boxed()
        .flatMap(write ->
            Stream.of(true, false)
                .map(written ->
                    DynamicTest.dynamicTest(
                        "dies " + (written ? "after" : "before") + " write " + write,
                        () -> {
                          try (AgentRig rig = new AgentRig(model)) {
                            try {
                              throw new AssertionError(
                                  "it lived: " + rig.live(task, write, written));
                            } catch (AgentRig.Died dead) {
                              assertThat(rig.journal).hasSize(written ? write : write - 1);
                            }
                            isDone(rig, task, did);
                            assertThat(said(rig.journal)).isEqualTo(said(whole));
                          }
                        })));
  }

  /** All but what was asked and said about calls under way. */
  private static List<Checkpoint> said(List<Checkpoint> journal) {
    return journal.stream()
        .filter(kept -> !kept.key().equals("begun") && !kept.key().equals("resolved"))
        .toList();
  }

  private static void isDone(AgentRig rig, JsonNode task, List<String> did) throws Exception {
    Outcome outcome = rig.live(task);
    while (outcome instanceof Outcome.Unknown unknown) {
      settle(rig, unknown);
      outcome = rig.live(task);
    }
    assertThat(outcome).isInstanceOf(Outcome.Completed.class);
    assertThat(((Outcome.Completed) outcome).output().path("text").asString()).isEqualTo(Talks.END);
    assertThat(rig.acted).containsExactlyElementsOf(did);
    assertThat(rig.booked.keySet())
        .as("keys that any header and any database takes")
        .allMatch(key -> key.matches("run/work/[!-.0-~]{1,130}"))
        .doesNotContain("run/work/undo")
        .hasSize((int) did.stream().filter(each -> each.startsWith("book")).count());
  }

  /** A person looks, and says what is true. */
  private static void settle(AgentRig rig, Outcome.Unknown unknown) {
    int n = Integer.parseInt(unknown.call().replaceAll("(?s)pay \\{[^0-9]*(\\d+).*", "$1"));
    ObjectNode said = Json.object().put("by", "ada");
    if (rig.acted.contains("pay" + n)) {
      said.put("resolution", "complete").putObject("output").put("n", n);
    } else {
      said.put("resolution", "retry");
    }
    rig.journal.add(new Checkpoint("resolved", said));
  }

  /** A manager who sends a piece back twice; each of its answers begins with the same id. */
  private static SpokenModel led(List<String> heard) {
    List<ToolRequest> wishes =
        List.of(
            new ToolRequest("call_0", "delegate", "{\"agent\":\"digger\",\"task\":\"dig\"}"),
            new ToolRequest("call_0", "ask_again", "{\"delegation\":1,\"remarks\":\"deeper\"}"),
            new ToolRequest("call_0", "ask_again", "{\"delegation\":1,\"remarks\":\"wider\"}"),
            new ToolRequest("call_0", "finish", "{\"answer\":\"it is dug\"}"));
    return new SpokenModel(
        messages -> {
          if (messages.getFirst().toString().contains("a chief")) {
            return SpokenModel.calls(wishes.get(SpokenModel.turns(messages)));
          }
          heard.add(Json.write(messages.getLast()));
          return Message.Assistant.says("a hole");
        },
        false);
  }

  private static JsonNode digging() {
    ObjectNode task = Json.object().put("task", "have it dug");
    task.putObject("manager").put("name", "chief").put("role", "a chief").put("goal", "g");
    var workers = task.putArray("workers");
    workers.addObject().put("name", "digger").put("role", "a digger").put("goal", "g");
    return task;
  }

  private static void isDug(AgentRig rig, List<String> heard) throws Exception {
    JsonNode result = ((Outcome.Completed) rig.live(digging())).output();
    assertThat(result.path("text").asString()).isEqualTo("it is dug");
    assertThat(heard).hasSize(3);
    assertThat(heard.get(1)).contains("deeper");
    assertThat(heard.get(2)).contains("wider");
    assertThat(rig.journal).extracting(Checkpoint::key).filteredOn("1/asked"::equals).hasSize(2);
  }

  @TestFactory
  Stream<DynamicTest> a_manager_whose_calls_all_have_one_id_asks_again_twice() {
    return IntStream.rangeClosed(1, 12)
        .mapToObj(write ->
            DynamicTest.dynamicTest(
                "dies after write " + write,
                () -> {
                  List<String> heard = new ArrayList<>();
                  try (AgentRig rig = new AgentRig(led(heard))) {
                    rig.tool = "manager";
                    dies(rig, digging(), write);
                    isDug(rig, heard);
                  }
                }));
  }

  @Test
  void who_was_asked_again_by_an_earlier_version_is_not_asked_so_twice() throws Exception {
    List<String> heard = new ArrayList<>();
    try (AgentRig rig = new AgentRig(led(heard))) {
      rig.tool = "manager";
      dies(rig, digging(), 5);
      Checkpoint asked = rig.journal.removeLast();
      assertThat(asked.key()).isEqualTo("1/asked");
      Checkpoint wish = rig.journal.removeLast();
      ObjectNode old = wish.value().deepCopy().asObject();
      old.remove("calls");
      rig.journal.add(new Checkpoint(wish.key(), old));
      JsonNode said = asked.value().deepCopy().asObject().put("request", "call_0");
      rig.journal.add(new Checkpoint(asked.key(), said));
      isDug(rig, heard);
    }
  }

  private static void dies(AgentRig rig, JsonNode task, int write) throws Exception {
    try {
      throw new AssertionError("it lived: " + rig.live(task, write, true));
    } catch (AgentRig.Died dead) {
      assertThat(rig.journal).hasSize(write);
    }
  }

  @Test
  void the_very_same_call_is_known_again_after_a_death_though_its_id_is_that_of_one_under_way()
      throws Exception {
    SpokenModel model =
        new SpokenModel(
            messages ->
                SpokenModel.turns(messages) < 2
                    ? SpokenModel.calls(SpokenModel.call("same", "act", 1))
                    : Message.Assistant.says(Talks.END),
            false);
    try (AgentRig rig = new AgentRig(model)) {
      dies(rig, AgentRig.task("act"), 3);
      assertThat(rig.journal).extracting(Checkpoint::key).containsExactly("turn", "result", "turn");
      assertThat(rig.live(AgentRig.task("act"))).isInstanceOf(Outcome.Completed.class);
      assertThat(rig.acted).hasSize(1);
      assertThat(Json.write(rig.journal)).contains("you have made this very call before");
    }
  }

  /** A turn as it was kept when the ids of calls were all that they were known by. */
  private static Checkpoint turnOfOld(ToolRequest... requests) {
    ObjectNode turn =
        Json.parse(
                """
                {"finish": "TOOL_CALLS", "provider": "p", "model": "m", "cost": "0",
                 "usage": {"input_tokens": 1, "cached_input_tokens": 0, "cache_write_tokens": 0,
                           "output_tokens": 1, "reasoning_tokens": 0, "reported": true}}
                """)
            .asObject();
    turn.set("message", Json.valueOf(SpokenModel.calls(requests)));
    return new Checkpoint(Conversation.TURN, turn);
  }

  private static Checkpoint result(String id, int n) {
    return new Checkpoint(
        Conversation.RESULT,
        Json.valueOf(new Message.ToolResult(id, "book", "{\"n\":" + n + "}", false)));
  }

  private static JsonNode notesOfOld() {
    return turnOfOld().value().deepCopy().asObject().put("turns", 1).put("text", "1 is booked");
  }

  private static AgentRig takingOver(Checkpoint... kept) throws Exception {
    AgentRig rig =
        new AgentRig(new SpokenModel(messages -> Message.Assistant.says(Talks.END), false));
    rig.journal.addAll(List.of(kept));
    assertThat(rig.live(AgentRig.task("book"))).isInstanceOf(Outcome.Completed.class);
    return rig;
  }

  @Test
  void a_call_that_an_earlier_version_had_under_way_is_made_under_the_key_that_it_had()
      throws Exception {
    for (String id : List.of("call_1", "look into/it", "call_t3_1", "y".repeat(3_000))) {
      try (AgentRig rig = takingOver(turnOfOld(SpokenModel.call(id, "book", 1)))) {
        assertThat(rig.booked).containsOnlyKeys("run/work/" + id);
      }
    }
  }

  @Test
  void a_call_that_an_earlier_version_s_tool_took_for_another_is_made_under_its_own()
      throws Exception {
    ToolRequest first = SpokenModel.call("call_0", "book", 1);
    ToolRequest second = SpokenModel.call("call_0", "book", 2);
    try (AgentRig rig =
        takingOver(
            turnOfOld(first),
            result("call_0", 1),
            new Checkpoint(Conversation.SUMMARY, notesOfOld()),
            turnOfOld(second))) {
      assertThat(rig.booked).containsOnlyKeys("run/work/call_0_t2_1");
    }
  }
}
