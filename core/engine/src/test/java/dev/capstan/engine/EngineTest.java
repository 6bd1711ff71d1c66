package dev.capstan.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunEvent.Resolution;
import dev.capstan.journal.RunStatus;
import dev.capstan.journal.StepRef;
import dev.capstan.journal.StepStatus;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.plan.Effect;
import dev.capstan.plan.InputSpec;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanBuilder;
import dev.capstan.plan.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EngineTest {
  private final List<String> calls = new ArrayList<>();
  private final Map<String, Integer> failures = new HashMap<>();
  private Crank crank = crank(EngineLimits.defaults());

  private Crank crank(EngineLimits limits) {
    return new Crank(
        tools(), new dev.capstan.journal.MemoryJournal(), null, new ManualTimers(), 1, limits);
  }

  private Map<String, Tool> tools() {
    Tool act =
        Crank.tool(
            "act",
            Effect.IDEMPOTENT,
            call -> {
              String name = call.input().path("name").asString();
              calls.add(name);
              int left = failures.getOrDefault(name, 0);
              if (left > 0) {
                failures.put(name, left - 1);
                return Outcome.failed(ProblemCode.TOOL_FAILED, name + " is broken");
              }
              return Outcome.completed(call.input());
            });
    Tool once =
        Crank.tool(
            "once",
            Effect.ONCE,
            call -> {
              calls.add("once");
              return Outcome.completed(Json.text("done"));
            });
    return Map.of("echo", Crank.echo(), "act", act, "once", once);
  }

  /** Whatever a test did: every journal replays to the same decisions. */
  @AfterEach
  void every_run_replays_to_the_same_decisions() {
    for (RunId run : crank.store.runs()) {
      Replay.Verdict verdict =
          Replay.of(crank.journal(run), crank.engine.plans()::plan, crank.toolbox);
      assertThat(verdict.differences()).as(() -> crank.story(run).toString()).isEmpty();
    }
    crank.close();
  }

  private static PlanBuilder plan() {
    return Plan.named("test");
  }

  private static Map<String, Object> name(String name) {
    return Map.of("name", name);
  }

  private RunStatus status(RunId run) {
    return crank.state(run).status();
  }

  @Test
  void a_run_starts_and_ends_in_as_few_events_as_can_be() {
    RunId run =
        crank.submit(
            plan()
                .step("a", "echo", Map.of("n", 1))
                .step("b", "echo", Map.of("n", "${steps.a.output.n + 1}"))
                .output("sum", "${steps.b.output.n}")
                .build());
    assertThat(crank.story(run))
        .containsExactly(
            "run_created",
            "plan_generated",
            "execution_start",
            "step_completed:a",
            "step_completed:b",
            "run_completed");
    RunEvent.RunCompleted end = (RunEvent.RunCompleted) crank.state(run).terminal();
    assertThat(end.outputs().get("sum").asInt()).isEqualTo(2);
  }

  @Test
  void a_step_starts_the_moment_its_own_inputs_are_ready_and_not_level_by_level() {
    RunId run =
        crank.submit(
            plan()
                .step("fast", "act", name("fast"))
                .await("slow", "1h")
                .step("after_fast", "act", name("after_fast"))
                .after("fast")
                .step("after_both", "act", name("after_both"))
                .after("fast", "slow")
                .build());
    assertThat(calls).containsExactly("fast", "after_fast");
    assertThat(status(run)).isEqualTo(RunStatus.WAITING);
    crank.advance(Duration.ofHours(1));
    assertThat(calls).containsExactly("fast", "after_fast", "after_both");
    assertThat(status(run)).isEqualTo(RunStatus.COMPLETED);
  }

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
  void a_guard_that_does_not_hold_skips_the_step_and_what_depends_on_it_goes_on() {
    RunId run =
        crank.submit(
            plan()
                .input(new InputSpec("go", InputSpec.Type.ANY, false, null, null))
                .step("a", "act", name("a"))
                .when("inputs.go")
                .step("b", "act", name("b"))
                .after("a")
                .build(),
            Json.object().put("go", false));
    assertThat(calls).containsExactly("b");
    assertThat(status(run)).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void foreach_runs_a_step_for_every_item_within_its_cap_and_returns_the_outputs_in_order() {
    RunId run =
        crank.submit(
            plan()
                .input(new InputSpec("names", InputSpec.Type.ANY, false, null, null))
                .step("each", "act", Map.of("name", "${item}", "index", "${index}"))
                .foreach("inputs.names", 2)
                .output("names", "${steps.each.output.name}")
                .build(),
            (tools.jackson.databind.node.ObjectNode) Json.parse("{\"names\":[\"x\",\"y\",\"z\"]}"));
    assertThat(calls).containsExactly("x", "y", "z");
    RunEvent.RunCompleted end = (RunEvent.RunCompleted) crank.state(run).terminal();
    assertThat(Json.write(end.outputs().get("names"))).isEqualTo("[\"x\",\"y\",\"z\"]");
  }

  @Test
  void an_empty_list_completes_at_once() {
    RunId run =
        crank.submit(
            plan()
                .input(new InputSpec("names", InputSpec.Type.ANY, false, null, null))
                .step("each", "act", name("x"))
                .foreach("inputs.names", 0)
                .build(),
            (tools.jackson.databind.node.ObjectNode) Json.parse("{\"names\":[]}"));
    assertThat(status(run)).isEqualTo(RunStatus.COMPLETED);
    assertThat(calls).isEmpty();
  }

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
  void a_fork_goes_on_from_a_step_with_other_input_and_runs_nothing_before_it_again() {
    RunId run =
        crank.submit(
            plan()
                .input(new InputSpec("target", InputSpec.Type.ANY, false, null, null))
                .step("build", "act", name("build"))
                .compensate("act", name("unbuild"))
                .step(
                    "deploy",
                    "act",
                    Map.of(
                        "name",
                        "deploy ${steps.build.output.name} to ${inputs.target}",
                        "target",
                        "green"))
                .output("to", "${steps.deploy.output.target}")
                .build(),
            Json.object().put("target", "green"));
    calls.clear();
    var forked =
        crank.engine.fork(
            new Fork(
                TenantId.LOCAL,
                run,
                "deploy",
                Json.object().put("target", "blue"),
                Json.object().put("target", "b"),
                null));
    crank.turn();
    RunId fork = ((Submitted.Accepted) forked.join()).run();
    assertThat(calls).containsExactly("deploy build to blue");
    RunEvent.RunCompleted end = (RunEvent.RunCompleted) crank.state(fork).terminal();
    assertThat(end.outputs().get("to").asString()).isEqualTo("b");
    assertThat(crank.state(fork).undoable()).as("the origin's effects stay the origin's").isEmpty();
  }

  @Test
  void the_same_idempotency_key_gives_the_same_run() {
    Plan plan =
        plan()
            .input(new InputSpec("x", InputSpec.Type.ANY, false, null, null))
            .step("a", "act", name("a"))
            .build();
    Submission first =
        new Submission(TenantId.LOCAL, null, plan, "given", Json.object(), 0, null, "k");
    var one = crank.engine.submit(first);
    crank.turn();
    var two = crank.engine.submit(first);
    crank.turn();
    assertThat(((Submitted.Accepted) two.join()).run())
        .isEqualTo(((Submitted.Accepted) one.join()).run());
    assertThat(((Submitted.Accepted) two.join()).fresh()).isFalse();
    var other =
        crank.engine.submit(
            new Submission(
                TenantId.LOCAL, null, plan, "given", Json.object().put("x", 1), 0, null, "k"));
    assertThat(((Submitted.Refused) other.join()).problem().code())
        .isEqualTo(ProblemCode.KEY_REUSED);
    assertThat(calls).containsExactly("a");
  }

  @Test
  void one_tenants_many_runs_do_not_starve_anothers_one() {
    crank = crank(new EngineLimits(1, 1, 1_000_000, tenant -> 1));
    List<CompletableFuture<Submitted>> answers = new ArrayList<>();
    for (int i = 0; i < 51; i++) {
      String tenant = i < 50 ? "big" : "small";
      Plan plan = plan().step("a", "act", name(tenant)).build();
      answers.add(
          crank.engine.submit(
              new Submission(
                  new TenantId(tenant), null, plan, "given", Json.object(), 0, null, null)));
    }
    crank.turn();
    assertThat(answers).allMatch(CompletableFuture::isDone);
    assertThat(calls).hasSize(51);
    assertThat(calls.indexOf("small")).isLessThan(4);
  }

  @Test
  void max_parallel_bounds_what_is_under_way() {
    AtomicInteger running = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    crank.tools.put(
        "busy",
        Crank.tool(
            "busy",
            Effect.PURE,
            call -> {
              most.accumulateAndGet(running.incrementAndGet(), Math::max);
              running.decrementAndGet();
              return Outcome.completed(Json.nothing());
            }));
    PlanBuilder builder = plan().maxParallel(2);
    IntStream.range(0, 10).forEach(i -> builder.step("s" + i, "busy", Map.of()));
    var answer = crank.engine.submit(Submission.of(builder.build(), Json.object()));
    crank.tasks.poll().run();
    assertThat(crank.engine.status().stepsUnderWay()).isEqualTo(2);
    crank.turn();
    assertThat(status(((Submitted.Accepted) answer.join()).run())).isEqualTo(RunStatus.COMPLETED);
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
