package dev.capstan.agents.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.agents.memory.Memory;
import dev.capstan.agents.replay.RecordedAnswer;
import dev.capstan.agents.replay.RecordedGateway;
import dev.capstan.agents.replay.RecordedResult;
import dev.capstan.agents.replay.RecordedToolbox;
import dev.capstan.agents.replay.Recorder;
import dev.capstan.agents.replay.Recording;
import dev.capstan.agents.replay.Tape;
import dev.capstan.engine.step.Checkpoints;
import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.journal.Checkpoint;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What was recorded of calls whose ids repeat is played to the very calls it came of. */
class RecordedIdsTest {
  @TestFactory
  Stream<DynamicTest> a_run_is_played_whichever_version_wrote_its_journal() {
    Stream<DynamicTest> notes =
        Stream.of(false, true)
            .map(old ->
                DynamicTest.dynamicTest(
                    "counted anew after notes" + (old ? ", of old" : ""),
                    () -> isPlayed(Talks::counting, Talks.narrow(), old)));
    Stream<DynamicTest> others =
        Talks.IDS.stream()
            .flatMap(id ->
                Stream.of(false, true)
                    .map(old ->
                        DynamicTest.dynamicTest(
                            Json.write(id.substring(0, Math.min(20, id.length())))
                                + (old ? ", of old" : ""),
                            () -> isPlayed(Talks.all(id), AgentRig.task("book", "pay"), old))));
    return Stream.concat(notes, others);
  }

  private static void isPlayed(
      Function<List<Message>, Message.Assistant> talk, JsonNode task, boolean old)
      throws Exception {
    List<Message.Assistant> heard = new ArrayList<>();
    SpokenModel model =
        new SpokenModel(
            messages -> {
              heard.add(talk.apply(messages));
              return heard.getLast();
            },
            task.has("memory"));
    try (AgentRig rig = new AgentRig(model)) {
      Outcome lived = rig.live(task);
      assertThat(lived).isInstanceOf(Outcome.Completed.class);
      Recorder recorder = new Recorder();
      List<Checkpoint> journal = old ? asOfOld(rig.journal, heard) : rig.journal;
      journal.forEach(kept -> recorder.kept("work", kept));
      Tape once = new Tape(recorder.recording());
      assertThat(play(once, task, rig)).isEqualTo(lived);
      assertThat(once.misses()).isEmpty();
      Tape twice = new Tape(once.played());
      assertThat(play(twice, task, rig)).isEqualTo(lived);
      assertThat(twice.misses()).isEmpty();
    }
  }

  /** As it was kept when calls had no names: by the ids that the vendor gave, whatever they are. */
  private static List<Checkpoint> asOfOld(List<Checkpoint> journal, List<Message.Assistant> heard) {
    List<Checkpoint> old = new ArrayList<>();
    int turns = 0;
    int results = 0;
    for (Checkpoint kept : journal) {
      ObjectNode value = kept.value().deepCopy().asObject();
      if (kept.key().equals(Conversation.TURN)) {
        value.remove("calls");
        value.set("message", Json.valueOf(heard.get(turns)));
        turns++;
        results = 0;
      } else if (kept.key().equals(Conversation.RESULT)) {
        value.put("request", heard.get(turns - 1).toolRequests().get(results).id());
        results++;
      }
      old.add(new Checkpoint(kept.key(), value));
    }
    return old;
  }

  private static Outcome play(Tape tape, JsonNode task, AgentRig rig) throws InterruptedException {
    RecordedToolbox box =
        new RecordedToolbox(
            rig.tools,
            tape,
            run -> "",
            tools ->
                ModelTool.all(
                    new RecordedGateway(tape, run -> ""), tools, Memory.NONE, new ManualTimers()));
    RunId run = new RunId(1);
    ToolCall call =
        new ToolCall(
            run,
            TenantId.LOCAL,
            StepRef.of("work"),
            1,
            run + "/work",
            task,
            null,
            progress -> {},
            Checkpoints.NONE);
    return box.tool("agent").orElseThrow().call(call);
  }

  private static RecordedAnswer says(Message.Assistant message) {
    FinishReason finish =
        message.toolRequests().isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS;
    return new RecordedAnswer(
        "work",
        1,
        null,
        null,
        new RecordedAnswer.Spoke(message, finish, Usage.NONE, "p", "m", Money.ZERO));
  }

  private static RecordedResult gave(String call, String output) {
    return new RecordedResult("work", call, "act", null, Outcome.completed(Json.text(output)));
  }

  /** Whoever writes a case by hand leaves ids out, or uses the same ones in each answer. */
  @Test
  void a_person_s_case_needs_ids_in_one_answer_only() throws Exception {
    Recording written =
        new Recording(
            List.of(
                says(SpokenModel.calls(SpokenModel.call("call_1", "act", 1))),
                says(
                    SpokenModel.calls(
                        SpokenModel.call("call_1", "act", 2),
                        SpokenModel.call("call_2", "act", 3))),
                says(SpokenModel.calls(SpokenModel.call("the last look", "act", 4))),
                says(Message.Assistant.says("all is done"))),
            List.of(
                gave("the last look", "four"),
                gave("call_1", "one"),
                gave("call_2", "three"),
                gave("call_1", "two")),
            List.of());
    Tape tape = new Tape(written);
    try (AgentRig rig = new AgentRig(new SpokenModel(Talks::anew, false))) {
      assertThat(play(tape, AgentRig.task("act"), rig)).isInstanceOf(Outcome.Completed.class);
    }
    assertThat(tape.misses()).isEmpty();
    assertThat(tape.played().results())
        .extracting(
            result -> result.input() + " " + ((Outcome.Completed) result.outcome()).output())
        .containsExactly(
            "{\"n\":1} \"one\"", "{\"n\":2} \"two\"", "{\"n\":3} \"three\"", "{\"n\":4} \"four\"");
  }
}
