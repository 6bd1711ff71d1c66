package dev.capstan.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.journal.Awaited;
import dev.capstan.journal.MemoryJournal;
import dev.capstan.journal.MortalJournal;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepState;
import dev.capstan.journal.StepStatus;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.plan.Effect;
import dev.capstan.plan.InputSpec;
import dev.capstan.plan.Plan;
import dev.capstan.plan.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/**
 * Kills the owner before and after every journal write of runs that have every kind of step and
 * every class of effect, lets another worker take over, and holds the end against that of the run
 * that was never killed. (R7, R9; the crash matrix)
 */
class CrashMatrixTest {
  private static final RetryPolicy TWICE =
      new RetryPolicy(
          2, RetryPolicy.Strategy.FIXED, Duration.ofSeconds(1), Duration.ofSeconds(1), false);

  /** What the tools did to the world outside, which no crash takes back. */
  private static final class World {
    final Map<String, Integer> once = new TreeMap<>();
    final TreeMap<String, String> idempotent = new TreeMap<>();

    Map<String, Tool> tools() {
      Tool once =
          Crank.tool(
              "once",
              Effect.ONCE,
              call -> {
                this.once.merge(call.idempotencyKey(), 1, Integer::sum);
                return Outcome.completed(Json.text("did " + call.step()));
              });
      Tool idempotent =
          Crank.tool(
              "idempotent",
              Effect.IDEMPOTENT,
              call -> {
                this.idempotent.put(call.idempotencyKey(), Json.write(call.input()));
                return Outcome.completed(call.input());
              });
      Tool flaky =
          Crank.tool(
              "flaky",
              Effect.IDEMPOTENT,
              call ->
                  call.attempt() < 2
                      ? Outcome.failed(ProblemCode.TOOL_FAILED, "not yet")
                      : Outcome.completed(Json.number(call.attempt())));
      Tool broken =
          Crank.tool(
              "broken",
              Effect.PURE,
              call -> Outcome.failed(ProblemCode.INVALID_INPUT, "never works"));
      return Map.of(
          "once",
          once,
          "idempotent",
          idempotent,
          "flaky",
          flaky,
          "broken",
          broken,
          "echo",
          Crank.echo());
    }
  }

  private static Plan child() {
    return Plan.named("child")
        .input(new InputSpec("n", InputSpec.Type.ANY, false, null, null))
        .step("inner", "idempotent", Map.of("n", "${inputs.n}"))
        .step("out", "echo", Map.of("n", "${steps.inner.output.n * 2}"))
        .output("n", "${steps.out.output.n}")
        .build();
  }

  /** Everything that a plan can say, ending well. */
  private static Plan everything() {
    return Plan.named("everything")
        .step("pure", "echo", Map.of("n", 1))
        .step("idempotent", "idempotent", Map.of("n", "${steps.pure.output.n}"))
        .step("once", "once", Map.of())
        .step("flaky", "flaky", Map.of())
        .retry(TWICE)
        .step("skipped", "once", Map.of())
        .when("false")
        .step("each", "idempotent", Map.of("n", "${item}"))
        .foreach("[1..5]", 2)
        .step("each_once", "once", Map.of())
        .foreach("[1..3]", 0)
        .await("wait", "1h")
        .approval("approve", "go on?")
        .after("once")
        .signal("signal", "go")
        .plan("sub", child(), Map.of("n", 21))
        .loop("loop", child(), Map.of("n", "${iteration}"), "last.n >= 4", 5)
        .step(
            "join",
            "echo",
            Map.of(
                "sub",
                "${steps.sub.output.n}",
                "loop",
                "${steps.loop.output.n}",
                "each",
                "${steps.each.output.n}"))
        .after("wait", "approve", "signal", "flaky", "skipped", "each_once", "idempotent")
        .output("join", "${steps.join.output}")
        .output("once", "${steps.once.output}")
        .build();
  }

  /** Everything that can be undone, and then a failure. */
  private static Plan saga() {
    return Plan.named("saga")
        .step("a", "idempotent", Map.of("do", "a"))
        .compensate("idempotent", Map.of("undo", "a"))
        .step("b", "once", Map.of())
        .after("a")
        .compensate("once", Map.of())
        .step("c", "idempotent", Map.of("do", "${item}"))
        .foreach("[1..2]", 0)
        .after("b")
        .compensate("idempotent", Map.of("undo", "${item}"))
        .step("fails", "broken", Map.of())
        .after("c")
        .build();
  }

  @TestFactory
  Stream<DynamicTest> every_step_kind_and_effect_survives_a_death_at_every_write() {
    return matrices("everything", everything());
  }

  @TestFactory
  Stream<DynamicTest> a_saga_survives_a_death_at_every_write() {
    return matrices("saga", saga());
  }

  private Stream<DynamicTest> matrices(String name, Plan plan) {
    return Stream.concat(matrix(name, plan, false), matrix(name + " on a slow disk", plan, true));
  }

  private Stream<DynamicTest> matrix(String name, Plan plan, boolean slow) {
    World calm = new World();
    MortalJournal immortal = new MortalJournal(new MemoryJournal(), Integer.MAX_VALUE, true);
    String expected = live(plan, calm, immortal, slow);
    List<DynamicTest> cells = new ArrayList<>();
    for (int write = 1; write <= immortal.writes(); write++) {
      for (boolean written : new boolean[] {false, true}) {
        int at = write;
        cells.add(
            DynamicTest.dynamicTest(
                name + ": dies " + (written ? "after" : "before") + " write " + at,
                () -> {
                  World world = new World();
                  String end =
                      live(plan, world, new MortalJournal(new MemoryJournal(), at, written), slow);
                  assertThat(end).isEqualTo(expected);
                  assertThat(world.once.values())
                      .as("no once step runs twice: %s", world.once)
                      .allMatch(count -> count == 1);
                  assertThat(world.once).hasSameSizeAs(calm.once);
                  assertThat(world.idempotent).hasSameSizeAs(calm.idempotent);
                }));
      }
    }
    return cells.stream();
  }

  /**
   * Lives through the plan, with the death that the journal brings, and returns the end in words.
   */
  private static String live(Plan plan, World world, MortalJournal journal, boolean slow) {
    MemoryJournal store = journal.behind();
    ManualTimers time = new ManualTimers();
    Crank.Life life = new Crank.Life(store, journal, time, 1);
    Crank crank = new Crank(world.tools(), slow ? life.slowly() : life, EngineLimits.defaults());
    var answer = crank.engine.submit(Submission.of(plan, Json.object()));
    crank.turn();
    drive(crank, world, journal);
    if (journal.isDead()) {
      crank.close();
      crank =
          new Crank(world.tools(), new Crank.Life(store, store, time, 2), EngineLimits.defaults());
      if (store.runs().isEmpty()) {
        assertThat(answer).as("a run that was never written was never accepted").isNotDone();
        RunId _ = crank.submit(plan);
      }
      drive(crank, world, null);
    }
    for (RunId run : store.runs()) {
      Replay.Verdict verdict =
          Replay.of(crank.journal(run), crank.engine.plans()::plan, crank.toolbox);
      assertThat(verdict.differences()).as(() -> store.read(run, 0, 999).toString()).isEmpty();
    }
    return end(crank);
  }

  /** A person and the clock, until nothing moves any more. */
  private static void drive(Crank crank, World world, MortalJournal journal) {
    for (int round = 0; round < 40; round++) {
      if (journal != null && journal.isDead()) {
        return;
      }
      for (RunId run : crank.store.runs()) {
        decide(crank, world, run);
      }
      crank.advance(Duration.ofMinutes(7));
    }
  }

  private static void decide(Crank crank, World world, RunId run) {
    RunState state = crank.state(run);
    if (state.terminal() != null || !state.hasPlan()) {
      return;
    }
    List<StepState> steps = Commands.everyState(state).toList();
    for (StepState step : steps) {
      boolean undoing = step.undo() == StepState.Undo.UNKNOWN;
      if (step.status() == StepStatus.UNKNOWN || undoing) {
        boolean happened =
            world.once.containsKey(run + "/" + step.ref() + (undoing ? "/undo" : ""));
        crank.command(
            run,
            new Command.Resolve(
                step.ref(),
                happened ? RunEvent.Resolution.COMPLETE : RunEvent.Resolution.RETRY,
                happened ? Json.text("did " + step.ref()) : null,
                "driver"));
      } else if (step.awaited() instanceof Awaited.Approval) {
        crank.command(run, new Command.Approve(step.ref(), true, "driver", null));
      } else if (step.awaited() instanceof Awaited.Signal signal) {
        crank.command(run, new Command.Signal(signal.name(), Json.text("went"), "driver"));
      }
    }
  }

  private static String end(Crank crank) {
    return crank.store.runs().stream()
        .map(crank::state)
        .filter(state -> state.created().parent() == null)
        .map(CrashMatrixTest::told)
        .collect(Collectors.joining("\n"));
  }

  private static String told(RunState state) {
    JsonNode end = state.terminal() == null ? Json.nothing() : Json.valueOf(state.terminal());
    String steps =
        Commands.everyState(state)
            .map(step -> step.ref() + "=" + step.status() + "/" + step.undo() + "/" + shown(step))
            .collect(Collectors.joining(", "));
    return state.status() + " " + end + " " + steps;
  }

  private static String shown(StepState step) {
    return step.awaited() == null && !step.ref().step().equals("wait")
        ? String.valueOf(step.output())
        : "";
  }
}
