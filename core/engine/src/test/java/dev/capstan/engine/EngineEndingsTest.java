package dev.capstan.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunEvent.Resolution;
import dev.capstan.journal.RunStatus;
import dev.capstan.journal.StepRef;
import dev.capstan.journal.StepStatus;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.plan.RetryPolicy;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How runs that do not complete come to their end. */
class EngineEndingsTest extends EngineRig {
  @Test
  void retries_back_off_1_2_4_seconds() {
    failures.put("x", 3);
    RunId run =
        crank.submit(
            plan()
                .step("x", "act", name("x"))
                .retry(
                    new RetryPolicy(
                        3,
                        RetryPolicy.Strategy.EXPONENTIAL_BACKOFF,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(60),
                        false))
                .build());
    assertThat(calls).hasSize(1);
    crank.advance(Duration.ofMillis(999));
    assertThat(calls).hasSize(1);
    crank.advance(Duration.ofMillis(1));
    assertThat(calls).hasSize(2);
    crank.advance(Duration.ofSeconds(2));
    assertThat(calls).hasSize(3);
    crank.advance(Duration.ofMillis(3_999));
    assertThat(calls).hasSize(3);
    crank.advance(Duration.ofMillis(1));
    assertThat(calls).hasSize(4);
    assertThat(status(run)).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void a_step_that_fails_for_good_fails_the_run_and_undoes_what_was_done_newest_first() {
    failures.put("c", 9);
    RunId run =
        crank.submit(
            plan()
                .step("a", "act", name("a"))
                .compensate("act", name("undo a"))
                .step("b", "act", name("b ${steps.a.output.name}"))
                .compensate("act", name("undo ${steps.b.output.name}"))
                .step("c", "act", name("c"))
                .after("b")
                .build());
    assertThat(calls).containsExactly("a", "b a", "c", "undo b a", "undo a");
    RunEvent.RunFailed end = (RunEvent.RunFailed) crank.state(run).terminal();
    assertThat(end.step()).isEqualTo(StepRef.of("c"));
    assertThat(end.compensated()).containsExactly(StepRef.of("b"), StepRef.of("a"));
    assertThat(end.uncompensated()).isEmpty();
  }

  @Test
  void an_undoing_that_fails_is_tried_again_and_what_could_not_be_undone_is_said() {
    failures.put("c", 1);
    failures.put("undo a", 2);
    failures.put("undo b", 100);
    RunId run =
        crank.submit(
            plan()
                .step("a", "act", name("a"))
                .compensate("act", name("undo a"))
                .step("b", "act", name("b"))
                .after("a")
                .compensate("act", name("undo b"))
                .step("c", "act", name("c"))
                .after("b")
                .build());
    assertThat(status(run)).isEqualTo(RunStatus.COMPENSATING);
    crank.advance(Duration.ofMinutes(10));
    RunEvent.RunFailed end = (RunEvent.RunFailed) crank.state(run).terminal();
    assertThat(end.compensated()).containsExactly(StepRef.of("a"));
    assertThat(end.uncompensated()).containsExactly(StepRef.of("b"));
  }

  /** The journal's followers know of an end before the run leaves memory. */
  @Test
  void whoever_asks_for_an_end_just_before_the_run_leaves_hears_of_it() {
    crank = new Crank(tools(), Crank.Life.fresh().slowly(), EngineLimits.defaults());
    var _ =
        crank.engine.submit(
            Submission.of(plan().step("a", "act", name("a")).build(), Json.object()));
    while (!isOver()) {
      assertThat(crank.step()).isTrue();
    }
    RunId run = crank.store.runs().getFirst();
    var end = crank.engine.end(run);
    assertThat(end).isNotDone();
    crank.turn();
    assertThat(end).isCompletedWithValueMatching(RunEvent.RunCompleted.class::isInstance);
    assertThat(crank.engine.end(run)).isDone();
  }

  private boolean isOver() {
    return crank.store.runs().stream()
        .anyMatch(run -> crank.journal(run).getLast().event() instanceof RunEvent.Terminal);
  }

  @Test
  void independent_branches_finish_when_partial_completion_is_allowed() {
    failures.put("bad", 1);
    RunId run =
        crank.submit(
            plan()
                .allowPartialCompletion()
                .step("bad", "act", name("bad"))
                .step("after_bad", "act", name("after_bad"))
                .after("bad")
                .step("good", "act", name("good"))
                .build());
    assertThat(calls).containsExactly("bad", "good");
    assertThat(status(run)).isEqualTo(RunStatus.COMPLETED_PARTIALLY);
    assertThat(crank.state(run).step("after_bad").status()).isEqualTo(StepStatus.SKIPPED);
  }

  @Test
  void a_cancelled_run_undoes_what_it_did() {
    RunId run =
        crank.submit(
            plan()
                .step("a", "act", name("a"))
                .compensate("act", name("undo a"))
                .await("w", "1h")
                .after("a")
                .build());
    crank.tell(run, new Command.Cancel("ada", null));
    assertThat(calls).containsExactly("a", "undo a");
    assertThat(status(run)).isEqualTo(RunStatus.CANCELLED);
  }

  @Test
  void the_breaker_follows_the_documents_timeline() {
    failures.put("x", 5);
    RetryPolicy fourMore =
        new RetryPolicy(
            4,
            RetryPolicy.Strategy.EXPONENTIAL_BACKOFF,
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            false);
    RunId first = crank.submit(plan().step("x", "act", name("x")).retry(fourMore).build());
    crank.advance(Duration.ofSeconds(15));
    assertThat(calls).hasSize(5);
    assertThat(status(first)).isEqualTo(RunStatus.FAILED);
    crank.advance(Duration.ofSeconds(1));
    RunId second = crank.submit(plan().step("y", "act", name("y")).build());
    assertThat(calls).as("fails fast").hasSize(5);
    assertThat(((RunEvent.RunFailed) crank.state(second).terminal()).failure().detail())
        .contains("temporarily unavailable");
    crank.advance(Duration.ofSeconds(59));
    for (int i = 0; i < 3; i++) {
      RunId trial = crank.submit(plan().step("z", "act", name("z")).build());
      assertThat(status(trial)).isEqualTo(RunStatus.COMPLETED);
      crank.advance(Duration.ofSeconds(1));
    }
    assertThat(crank.engine.status().breakers())
        .filteredOn(circuit -> circuit.tool().equals("act"))
        .containsExactly(new EngineStatus.Circuit("act", "closed", null));
  }

  @Test
  void a_tool_that_keeps_breakers_of_its_own_is_never_shut_off_as_a_whole() {
    for (int i = 0; i < 10; i++) {
      RunId run = crank.submit(plan().step("x", "gate", Map.of()).build());
      assertThat(status(run)).isEqualTo(RunStatus.FAILED);
    }
    assertThat(calls).hasSize(10);
  }

  @Test
  void a_once_step_whose_owner_died_stops_the_run_until_a_person_decides() {
    RunId run =
        crank.submit(
            plan()
                .step("pay", "once", Map.of())
                .step("then", "act", name("then"))
                .after("pay")
                .build());
    assertThat(crank.story(run)).contains("step_started:pay");
    assertThat(calls).containsExactly("once", "then");
    Crank second = CrashedTwin.of(crank, run, tools());
    RunId twin = run;
    assertThat(second.state(twin).status()).isEqualTo(RunStatus.BLOCKED);
    assertThat(second.why(twin))
        .anySatisfy(standing -> assertThat(standing.on()).isInstanceOf(Wait.Decision.class));
    calls.clear();
    second.tell(
        twin,
        new Command.Resolve(StepRef.of("pay"), Resolution.COMPLETE, Json.text("paid"), "ada"));
    assertThat(calls).containsExactly("then");
    assertThat(second.state(twin).status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void commands_to_a_run_that_does_not_exist_or_has_ended_are_refused() {
    assertThat(crank.tell(new RunId(99), new Command.Resume("ada")))
        .isInstanceOfSatisfying(
            Told.Refused.class,
            refused -> assertThat(refused.problem().code()).isEqualTo(ProblemCode.NOT_FOUND));
    RunId run = crank.submit(plan().step("a", "echo", Map.of()).build());
    assertThat(crank.tell(run, new Command.Cancel("ada", null)))
        .isInstanceOfSatisfying(
            Told.Refused.class,
            refused -> assertThat(refused.problem().code()).isEqualTo(ProblemCode.CONFLICT));
  }
}
