package dev.capstan.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.engine.step.Checkpoints;
import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.journal.Checkpoint;
import dev.capstan.journal.MemoryJournal;
import dev.capstan.journal.MortalJournal;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunStatus;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.plan.Effect;
import dev.capstan.plan.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a long attempt keeps on its way is there for the next one, whoever dies in between. (N2) */
class EngineCheckpointsTest extends EngineRig {
  private static final int TURNS = 4;
  private final Map<String, Integer> paid = new HashMap<>();

  /** Pays for each turn that no earlier attempt has kept, and stops where it could not keep one. */
  private static Outcome walk(Crank crank, ToolCall call, Map<String, Integer> paid) {
    List<Checkpoint> kept = call.checkpoints().kept();
    for (int turn = kept.size() + 1; turn <= TURNS; turn++) {
      paid.merge("turn-" + turn, 1, Integer::sum);
      CompletableFuture<Void> durable = call.checkpoints().keep("turn-" + turn, Json.number(turn));
      crank.turn();
      if (!durable.isDone()) {
        return Outcome.failed(ProblemCode.UNAVAILABLE, "the owner is dead");
      }
    }
    return Outcome.completed(Json.number(TURNS));
  }

  @Override
  Map<String, Tool> tools() {
    Map<String, Tool> tools = new HashMap<>(super.tools());
    tools.put("walk", Crank.tool("walk", Effect.IDEMPOTENT, call -> walk(crank, call, paid)));
    tools.put(
        "stumble",
        Crank.tool(
            "stumble",
            Effect.IDEMPOTENT,
            call -> {
              paid.merge(
                  "attempt-" + call.attempt() + "-had-" + call.checkpoints().kept().size(),
                  1,
                  Integer::sum);
              var _ = call.checkpoints().keep("step", Json.number(call.attempt()));
              crank.turn();
              return call.attempt() < 3
                  ? Outcome.failed(ProblemCode.TOOL_FAILED, "stumbled")
                  : Outcome.completed(Json.text("walked"));
            }));
    tools.put("ask", Crank.tool("ask", Effect.IDEMPOTENT, call -> ask(call)));
    return tools;
  }

  /** Does not know whether it paid, until somebody says so. */
  private static Outcome ask(ToolCall call) {
    return call.checkpoints().kept().stream()
        .filter(kept -> kept.key().equals("1/resolved"))
        .map(kept -> Outcome.completed(kept.value()))
        .findFirst()
        .orElseGet(() -> new Outcome.Unknown("1/resolved", "pay {}"));
  }

  @Test
  void an_attempt_that_does_not_know_asks_and_the_next_one_goes_on_with_the_answer() {
    for (RunEvent.Resolution said : RunEvent.Resolution.values()) {
      RunId run = crank.submit(plan().step("ask", "ask", Map.of()).build());
      assertThat(crank.state(run).status()).isEqualTo(RunStatus.BLOCKED);
      assertThat(crank.why(run))
          .anySatisfy(standing -> {
            assertThat(standing.on()).isEqualTo(new Wait.Decision(1, "pay {}"));
            assertThat(standing.release()).contains("capstan resolve RUN ask retry|");
          });
      Told told =
          crank.tell(run, new Command.Resolve(StepRef.of("ask"), said, Json.number(7), "ada"));
      assertThat(told).isInstanceOf(Told.Done.class);
      if (said == RunEvent.Resolution.FAIL) {
        assertThat(crank.state(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(crank.state(run).step("ask").failure().code()).isEqualTo("outcome_unknown");
      } else {
        assertThat(crank.state(run).step("ask").output())
            .isEqualTo(
                Json.object()
                    .put("resolution", said.wireName())
                    .put("by", "ada")
                    .set("output", Json.number(7)));
        assertThat(crank.state(run).step("ask").attempt()).isEqualTo(2);
      }
    }
  }

  @Test
  void a_run_that_asks_can_be_cancelled() {
    RunId run = crank.submit(plan().step("ask", "ask", Map.of()).build());
    assertThat(crank.state(run).status()).isEqualTo(RunStatus.BLOCKED);
    crank.tell(run, new Command.Cancel("ada", null));
    assertThat(crank.state(run).status()).isEqualTo(RunStatus.CANCELLED);
  }

  @Test
  void each_is_an_event_of_its_own_before_the_step_completes() {
    RunId run = crank.submit(plan().step("walk", "walk", Map.of()).build());
    assertThat(crank.story(run))
        .containsSequence(
            "step_checkpointed:walk",
            "step_checkpointed:walk",
            "step_checkpointed:walk",
            "step_checkpointed:walk",
            "step_completed:walk",
            "run_completed");
    assertThat(crank.state(run).step("walk").checkpoints()).as("ended").isEmpty();
  }

  @Test
  void a_retried_attempt_goes_on_where_the_last_one_was() {
    RunId run =
        crank.submit(
            plan()
                .step("stumble", "stumble", Map.of())
                .retry(
                    new RetryPolicy(
                        5,
                        RetryPolicy.Strategy.FIXED,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1),
                        false))
                .build());
    crank.advance(Duration.ofMinutes(1));
    assertThat(crank.state(run).step("stumble").attempt()).isEqualTo(3);
    assertThat(paid.keySet())
        .containsExactlyInAnyOrder("attempt-1-had-0", "attempt-2-had-1", "attempt-3-had-2");
  }

  @Test
  void an_attempt_that_is_not_the_current_one_any_more_keeps_nothing() {
    List<Checkpoints> left = new ArrayList<>();
    crank.tools.put(
        "leave",
        Crank.tool(
            "leave",
            Effect.IDEMPOTENT,
            call -> {
              left.add(call.checkpoints());
              return Outcome.completed(Json.nothing());
            }));
    RunId run =
        crank.submit(
            plan().step("leave", "leave", Map.of()).await("wait", "1h").after("leave").build());
    CompletableFuture<Void> late = left.getFirst().keep("late", Json.number(1));
    crank.turn();
    assertThatThrownBy(late::join)
        .hasCauseInstanceOf(Refusal.class)
        .hasMessageContaining("conflict");
    assertThat(crank.story(run)).doesNotContain("step_checkpointed:leave");
    crank.advance(Duration.ofHours(2));
    CompletableFuture<Void> later = left.getFirst().keep("later", Json.number(1));
    crank.turn();
    assertThat(later).isCompletedExceptionally();
  }

  @TestFactory
  Stream<DynamicTest> nothing_is_paid_twice_whichever_write_the_owner_dies_after() {
    return Stream.iterate(1, write -> write <= TURNS + 3, write -> write + 1)
        .map(write -> DynamicTest.dynamicTest("dies after write " + write, () -> dies(write)));
  }

  private static void dies(int write) {
    Map<String, Integer> paid = new HashMap<>();
    MemoryJournal store = new MemoryJournal();
    ManualTimers time = new ManualTimers();
    Function<Crank, Map<String, Tool>> tools =
        crank ->
            Map.of("walk", Crank.tool("walk", Effect.IDEMPOTENT, call -> walk(crank, call, paid)));
    Crank first =
        new Crank(
            tools,
            new Crank.Life(store, new MortalJournal(store, write, true), time, 1),
            EngineLimits.defaults());
    var _ =
        first.engine.submit(
            Submission.of(plan().step("walk", "walk", Map.of()).build(), Json.object()));
    first.turn();
    Crank second = new Crank(tools, new Crank.Life(store, store, time, 2), EngineLimits.defaults());
    second.advance(Duration.ofMinutes(1));
    RunId run = store.runs().iterator().next();
    assertThat(second.state(run).terminal()).isInstanceOf(RunEvent.RunCompleted.class);
    assertThat(paid.values()).as("%s", paid).hasSize(TURNS).allMatch(times -> times == 1);
  }
}
