package dev.capstan.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.journal.Awaited;
import dev.capstan.journal.MemoryJournal;
import dev.capstan.journal.MortalJournal;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunEvent.Resolution;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepRef;
import dev.capstan.journal.StepState;
import dev.capstan.journal.StepStatus;
import dev.capstan.kernel.Dice;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.plan.Effect;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanBuilder;
import dev.capstan.plan.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Random plans, random failures, random commands and a random death, by seed: every run comes to
 * its end, every journal folds and replays to the same decisions, no step starts before what it
 * needs has ended, and whatever stands says why.
 */
class EngineLaws {
  private static final int SEEDS = Boolean.getBoolean("capstan.long") ? 20_000 : 300;

  @Test
  void whatever_happens_a_run_ends_and_its_journal_is_true() {
    for (int seed = 1; seed <= SEEDS; seed++) {
      try {
        live(seed);
      } catch (RuntimeException | AssertionError broken) {
        throw new AssertionError("seed " + seed, broken);
      }
    }
    System.out.printf("figure: %,d lives, whose runs all ended and replayed%n", SEEDS);
  }

  private static void live(long seed) {
    Random random = new Random(Dice.mix(seed));
    MemoryJournal store = new MemoryJournal();
    ManualTimers time = new ManualTimers();
    boolean dies = random.nextBoolean();
    MortalJournal mortal =
        new MortalJournal(
            store, dies ? 1 + random.nextInt(12) : Integer.MAX_VALUE, random.nextBoolean());
    Map<String, Tool> tools = tools(seed);
    Plan plan = plan(random);
    Crank.Life life = new Crank.Life(store, mortal, time, 1);
    Crank crank =
        new Crank(tools, random.nextBoolean() ? life.slowly() : life, EngineLimits.defaults());
    var _ = crank.engine.submit(Submission.of(plan, Json.object()));
    crank.turn();
    for (int round = 0; round < 25 && !mortal.isDead(); round++) {
      act(crank, random);
    }
    mortal.spare();
    if (mortal.isDead()) {
      crank.close();
      crank = new Crank(tools, new Crank.Life(store, store, time, 2), EngineLimits.defaults());
    }
    for (int round = 0; round < 200 && !allEnded(crank); round++) {
      finish(crank);
    }
    for (RunId run : store.runs()) {
      hold(crank, run);
    }
  }

  private static Map<String, Tool> tools(long seed) {
    return Map.of(
        "echo",
        Crank.echo(),
        "flaky",
        Crank.tool(
            "flaky",
            Effect.IDEMPOTENT,
            call -> outcome(seed, call.step(), call.attempt(), call.input())),
        "once",
        Crank.tool(
            "once", Effect.ONCE, call -> outcome(seed, call.step(), call.attempt(), call.input())));
  }

  private static Outcome outcome(long seed, StepRef step, int attempt, JsonNode input) {
    double roll = Dice.unit(seed, step.toString().hashCode(), attempt);
    if (roll < 0.15) {
      return Outcome.failed(ProblemCode.TOOL_FAILED, "unlucky");
    }
    return roll < 0.18
        ? Outcome.failed(ProblemCode.INVALID_INPUT, "very unlucky")
        : Outcome.completed(input);
  }

  private static Plan plan(Random random) {
    PlanBuilder plan = Plan.named("random").maxParallel(random.nextInt(4));
    if (random.nextInt(3) == 0) {
      plan.allowPartialCompletion();
    }
    if (random.nextInt(6) == 0) {
      plan.deadline(Duration.ofMinutes(1 + random.nextInt(200)));
    }
    int steps = 1 + random.nextInt(9);
    for (int i = 0; i < steps; i++) {
      step(plan, random, "s" + i);
      List<String> before = new ArrayList<>();
      for (int j = 0; j < i; j++) {
        if (random.nextInt(3) == 0) {
          before.add("s" + j);
        }
      }
      plan.after(before.toArray(String[]::new));
    }
    return plan.build();
  }

  private static void step(PlanBuilder plan, Random random, String id) {
    switch (random.nextInt(10)) {
      case 0 -> plan.await(id, random.nextInt(100) + "m");
      case 1 -> plan.approval(id, "go on?").timeout(Duration.ofHours(9));
      case 2 -> plan.signal(id, "go");
      case 3 -> plan.plan(id, Plan.named("child").step("c", "flaky", Map.of()).build(), Map.of());
      case 4 ->
          plan.loop(
              id,
              Plan.named("body").step("c", "echo", Map.of()).build(),
              Map.of(),
              "iteration >= 2",
              3);
      case 5, 6 -> plan.step(id, "once", Map.of("id", id));
      default -> plan.step(id, random.nextBoolean() ? "echo" : "flaky", Map.of("id", id));
    }
    boolean calls = random.nextInt(10) > 6;
    if (calls && random.nextBoolean()) {
      plan.priority(random.nextInt(5));
    }
    if (random.nextInt(3) == 0) {
      plan.retry(
          new RetryPolicy(
              2, RetryPolicy.Strategy.LINEAR, Duration.ofSeconds(1), Duration.ofSeconds(9), true));
    }
    if (random.nextInt(4) == 0) {
      plan.compensate(random.nextBoolean() ? "flaky" : "once", Map.of("undo", id));
    }
    if (random.nextInt(8) == 0) {
      plan.when(random.nextBoolean() ? "true" : "false");
    }
    if (random.nextInt(6) == 0) {
      plan.foreach("[1.." + (1 + random.nextInt(4)) + "]", random.nextInt(3));
    }
  }

  private static void act(Crank crank, Random random) {
    List<RunId> runs = crank.store.runs();
    if (runs.isEmpty()) {
      return;
    }
    RunId run = runs.get(random.nextInt(runs.size()));
    switch (random.nextInt(9)) {
      case 0 -> crank.command(run, new Command.Pause("law", null));
      case 1, 2 -> crank.command(run, new Command.Resume("law"));
      case 3 -> crank.command(run, new Command.Signal("go", Json.number(1), null));
      case 4 -> crank.command(run, new Command.Approve(null, random.nextInt(4) > 0, "law", null));
      case 5 -> {
        if (random.nextInt(6) == 0) {
          crank.command(run, new Command.Cancel("law", null));
        }
      }
      default -> crank.advance(Duration.ofMinutes(random.nextInt(30)));
    }
  }

  private static boolean allEnded(Crank crank) {
    return crank.store.runs().stream().allMatch(run -> crank.state(run).terminal() != null);
  }

  /** Somebody who answers everything that is asked, and time that passes. */
  private static void finish(Crank crank) {
    for (RunId run : crank.store.runs()) {
      RunState state = crank.state(run);
      if (state.terminal() != null) {
        continue;
      }
      assertThat(crank.why(run)).as("what stands says why: %s", crank.story(run)).isNotEmpty();
      if (state.paused() != null) {
        crank.command(run, new Command.Resume("law"));
      }
      for (StepState step : Commands.everyState(state).toList()) {
        if (step.status() == StepStatus.UNKNOWN || step.undo() == StepState.Undo.UNKNOWN) {
          crank.command(run, new Command.Resolve(step.ref(), Resolution.RETRY, null, "law"));
        } else if (step.awaited() instanceof Awaited.Approval) {
          crank.command(run, new Command.Approve(step.ref(), true, "law", null));
        } else if (step.awaited() instanceof Awaited.Signal) {
          crank.command(run, new Command.Signal("go", Json.number(2), null));
        }
      }
    }
    crank.advance(Duration.ofMinutes(20));
  }

  private static void hold(Crank crank, RunId run) {
    List<Recorded> events = crank.journal(run);
    RunState state = crank.state(run);
    assertThat(state.terminal())
        .as(() -> run + " did not end: " + crank.story(run) + crank.why(run))
        .isNotNull();
    Replay.Verdict verdict = Replay.of(events, crank.engine.plans()::plan, crank.toolbox);
    assertThat(verdict.differences()).as(() -> crank.story(run).toString()).isEmpty();
    needsComeFirst(state, events);
  }

  private static void needsComeFirst(RunState state, List<Recorded> events) {
    Set<String> ended = new HashSet<>();
    RunState live = new RunState(state.run(), hash -> state.plan());
    for (Recorded recorded : events) {
      if (recorded.event() instanceof RunEvent.OfStep event
          && live.hasPlan()
          && live.undoing() == null) {
        boolean begins =
            event instanceof RunEvent.StepStarted
                || event instanceof RunEvent.StepCompleted
                || event instanceof RunEvent.StepWaiting;
        if (begins) {
          assertThat(ended).containsAll(state.step(event.step().step()).step().dependsOn());
        }
      }
      live.apply(recorded);
      if (live.hasPlan()) {
        live.steps().stream()
            .filter(step -> step.status().isEnd())
            .forEach(step -> ended.add(step.step().id()));
      }
    }
  }
}
