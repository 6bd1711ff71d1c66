package dev.capstan.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.engine.step.Outcome;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunStatus;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.plan.Effect;
import dev.capstan.plan.InputSpec;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How runs go. */
class EngineTest extends EngineRig {
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
                Map.of("deploy", Json.object().put("target", "b")),
                null,
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
}
