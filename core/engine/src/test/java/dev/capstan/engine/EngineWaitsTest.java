package dev.capstan.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunStatus;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.RunId;
import dev.capstan.plan.InputSpec;
import dev.capstan.plan.Plan;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What runs wait for, and what lets them go on. */
class EngineWaitsTest extends EngineRig {
  @Test
  void an_approval_waits_for_days_and_leaves_memory_meanwhile() {
    RunId run =
        crank.submit(
            plan().approval("ok", "deploy?").step("go", "act", name("go")).after("ok").build());
    crank.advance(Duration.ofDays(30));
    assertThat(crank.engine.status().live()).isZero();
    assertThat(crank.why(run))
        .first()
        .satisfies(standing -> {
          assertThat(standing.step()).isEqualTo(StepRef.of("ok"));
          assertThat(standing.on()).isEqualTo(new Wait.Approval("deploy?", null));
          assertThat(standing.release()).contains("capstan approve");
        });
    assertThat(crank.tell(run, new Command.Approve(null, true, "ada", null)))
        .isInstanceOf(Told.Done.class);
    assertThat(calls).containsExactly("go");
    assertThat(status(run)).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void a_rejection_fails_the_run() {
    RunId run = crank.submit(plan().approval("ok", "deploy?").build());
    crank.tell(run, new Command.Approve(StepRef.of("ok"), false, "ada", "not on a friday"));
    RunEvent.RunFailed end = (RunEvent.RunFailed) crank.state(run).terminal();
    assertThat(end.failure().detail()).isEqualTo("ada rejected it: not on a friday");
  }

  @Test
  void a_signal_is_taken_whether_it_comes_before_or_after_the_step_that_waits() {
    RunId run =
        crank.submit(
            plan().signal("first", "ping").signal("second", "ping").after("first").build());
    crank.tell(run, new Command.Signal("ping", Json.number(1), null));
    crank.tell(run, new Command.Signal("ping", Json.number(2), null));
    assertThat(crank.state(run).step("second").output()).isEqualTo(Json.number(2));
    assertThat(status(run)).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void a_wait_that_takes_longer_than_the_step_may_fails_it() {
    RunId run = crank.submit(plan().signal("s", "never").timeout(Duration.ofMinutes(5)).build());
    crank.advance(Duration.ofMinutes(5));
    assertThat(((RunEvent.RunFailed) crank.state(run).terminal()).failure().code())
        .isEqualTo("timed_out");
  }

  @Test
  void a_paused_run_starts_nothing_until_it_is_resumed() {
    RunId run =
        crank.submit(plan().await("w", "1m").step("a", "act", name("a")).after("w").build());
    crank.tell(run, new Command.Pause("ada", "lunch"));
    crank.advance(Duration.ofHours(1));
    assertThat(calls).isEmpty();
    assertThat(status(run)).isEqualTo(RunStatus.PAUSED);
    crank.tell(run, new Command.Resume("ada"));
    assertThat(status(run)).isEqualTo(RunStatus.COMPLETED);
    assertThat(crank.tell(run, new Command.Resume("ada"))).isInstanceOf(Told.Refused.class);
  }

  @Test
  void a_deadline_ends_a_run_that_takes_too_long() {
    RunId run = crank.submit(plan().deadline(Duration.ofMinutes(1)).approval("ok", "?").build());
    crank.advance(Duration.ofMinutes(1));
    assertThat(((RunEvent.RunFailed) crank.state(run).terminal()).failure().code())
        .isEqualTo("deadline_passed");
  }

  @Test
  void a_sub_plan_is_a_run_of_its_own_and_hands_its_outputs_back() {
    Plan child =
        Plan.named("child")
            .input(new InputSpec("n", InputSpec.Type.ANY, false, null, null))
            .step("e", "echo", Map.of("n", "${inputs.n}"))
            .output("n", "${steps.e.output.n}")
            .build();
    RunId run =
        crank.submit(
            plan()
                .plan("sub", child, Map.of("n", 5))
                .output("got", "${steps.sub.output.n}")
                .build());
    assertThat(crank.store.runs()).hasSize(2);
    RunEvent.RunCompleted end = (RunEvent.RunCompleted) crank.state(run).terminal();
    assertThat(end.outputs().get("got").asInt()).isEqualTo(5);
  }

  @Test
  void a_loop_repeats_until_its_guard_holds() {
    Plan body =
        Plan.named("body")
            .input(new InputSpec("n", InputSpec.Type.ANY, false, null, null))
            .step("e", "act", name("round ${inputs.n}"))
            .output("n", "${inputs.n}")
            .build();
    RunId run =
        crank.submit(
            plan().loop("l", body, Map.of("n", "${iteration}"), "last.n >= 3", 10).build());
    assertThat(calls).containsExactly("round 1", "round 2", "round 3");
    assertThat(status(run)).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void a_loop_that_never_ends_is_ended() {
    Plan body =
        Plan.named("body")
            .input(new InputSpec("n", InputSpec.Type.ANY, false, null, null))
            .step("e", "echo", Map.of())
            .build();
    RunId run = crank.submit(plan().loop("l", body, Map.of(), "false", 4).build());
    assertThat(((RunEvent.RunFailed) crank.state(run).terminal()).failure().code())
        .isEqualTo("limit_reached");
    assertThat(crank.store.runs()).hasSize(5);
  }

  @Test
  void cancelling_a_run_cancels_its_sub_runs_first() {
    Plan child = Plan.named("child").approval("ok", "?").build();
    RunId run = crank.submit(plan().plan("sub", child, Map.of()).build());
    crank.tell(run, new Command.Cancel("ada", null));
    assertThat(crank.store.runs())
        .allSatisfy(each -> assertThat(status(each)).isEqualTo(RunStatus.CANCELLED));
  }
}
