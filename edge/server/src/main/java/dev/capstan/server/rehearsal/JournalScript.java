package dev.capstan.server.rehearsal;

import dev.capstan.agents.replay.Recorder;
import dev.capstan.agents.replay.Recording;
import dev.capstan.journal.Awaited;
import dev.capstan.journal.Checkpoint;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.plan.Action;
import dev.capstan.plan.Plan;
import dev.capstan.plan.Step;
import dev.capstan.plan.Templates;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what a rehearsal needs out of the journal of a run that has ended. */
public final class JournalScript {
  /**
   * Stands for what has no tool and is not done again: a wait, whose output is a time, and whatever
   * a fork took over.
   */
  private static final String STILL = "recorded";

  private final Function<RunId, List<Recorded>> journal;
  private final Function<String, Plan> plans;
  private final Recorder recorder = new Recorder();
  private final List<Script.Approval> approvals = new ArrayList<>();
  private final List<Script.Signal> signals = new ArrayList<>();
  private final Set<String> asking = new HashSet<>();

  private JournalScript(Function<RunId, List<Recorded>> journal, Function<String, Plan> plans) {
    this.journal = journal;
    this.plans = plans;
  }

  /**
   * The script of this run. Throws a {@link dev.capstan.kernel.Refusal} of {@code conflict} for a
   * run whose end no recording leads to: one that goes on, was cancelled or ran out of time.
   *
   * @param state of a run that has a plan
   * @param journal reads sub-runs
   */
  public static Script of(
      RunState state, Function<RunId, List<Recorded>> journal, Function<String, Plan> plans) {
    List<Recorded> events = journal.apply(state.run());
    refuseWhatCannotBe(state, events);
    JournalScript reading = read(state, events, journal, plans);
    return new Script(
        state.run(),
        state.tenant(),
        state.created().prompt(),
        still(state.plan(), takenOver(events), true),
        state.inputs(),
        state.createdAt(),
        reading.recorder.recording(),
        new Script.Given(reading.approvals, reading.signals));
  }

  /** What was answered in this run, to whatever end it came. */
  public static Recording answered(
      RunState state, Function<RunId, List<Recorded>> journal, Function<String, Plan> plans) {
    return read(state, journal.apply(state.run()), journal, plans).recorder.recording();
  }

  private static JournalScript read(
      RunState state,
      List<Recorded> events,
      Function<RunId, List<Recorded>> journal,
      Function<String, Plan> plans) {
    JournalScript reading = new JournalScript(journal, plans);
    reading.read(events, state.plan(), "");
    return reading;
  }

  /** The run's plan as another run of it can follow it: without what a fork took over. */
  public static Plan planOfCase(RunState state, List<Recorded> events) {
    return still(state.plan(), takenOver(events), false);
  }

  private static void refuseWhatCannotBe(RunState state, List<Recorded> events) {
    String why = null;
    if (state.terminal() == null) {
      why = "it has not ended";
    } else if (state.terminal() instanceof RunEvent.RunCancelled) {
      why = "it was cancelled, at a moment that nobody recorded";
    } else if (events.stream().anyMatch(each -> each.event() instanceof RunEvent.DeadlinePassed)) {
      why = "its deadline passed, and in a rehearsal nothing takes time";
    }
    if (why != null) {
      throw Problem.of(ProblemCode.CONFLICT, "this run cannot be run from its recording: " + why)
          .refusal();
    }
  }

  private void read(List<Recorded> events, Plan plan, String place) {
    for (Recorded recorded : events) {
      if (recorded.event() instanceof RunEvent.OfStep of) {
        read(of, plan.step(plan.indexOf(of.step().step())), place);
      } else if (recorded.event() instanceof RunEvent.SignalReceived signal) {
        signals.add(new Script.Signal(place, signal.name(), signal.payload(), signal.by()));
      }
    }
  }

  private void read(RunEvent.OfStep event, Step step, String place) {
    String where = place + event.step();
    String tool = step.action() instanceof Action.CallTool call ? call.tool() : STILL;
    switch (event) {
      case RunEvent.StepCheckpointed kept ->
          recorder.kept(where, new Checkpoint(kept.key(), kept.value()));
      case RunEvent.StepCompleted done -> {
        if (!tool.equals(STILL) || isWait(step) || done.attempt() == 0) {
          recorder.completed(where, tool, done.output());
        }
      }
      case RunEvent.StepUnknown unknown when unknown.question() != null -> asking.add(where);
      case RunEvent.StepResolved answer when asking.remove(where) -> answered(where, tool, answer);
      case RunEvent.StepResolved decided -> decided(where, tool, decided);
      case RunEvent.StepFailed failed -> {
        if (!tool.equals(STILL) || isWait(step)) {
          recorder.failed(where, tool, failed.failure().problem(), failed.retryAt() != null);
        }
      }
      case RunEvent.StepCompensated _ ->
          recorder.completed(where + "/undo", undo(step), Json.nothing());
      case RunEvent.CompensationFailed failed ->
          recorder.failed(
              where + "/undo", undo(step), failed.failure().problem(), failed.retryAt() != null);
      case RunEvent.ApprovalGiven answer ->
          approvals.add(
              new Script.Approval(where, answer.approved(), answer.by(), answer.comment()));
      case RunEvent.StepWaiting waiting when waiting.awaited() instanceof Awaited.Child child ->
          readChild(child, place, event.step());
      default -> {
        // The rest follows from these.
      }
    }
  }

  private static String undo(Step step) {
    return step.compensate() == null ? STILL : step.compensate().tool();
  }

  /** What an agent was told goes on in its own turns, unless it was told to give up. */
  private void answered(String where, String tool, RunEvent.StepResolved answer) {
    if (answer.resolution() == RunEvent.Resolution.FAIL) {
      recorder.givenUp(where, tool, countedAsFailed(answer));
    }
  }

  private static Problem countedAsFailed(RunEvent.StepResolved decided) {
    return Problem.of(
        ProblemCode.OUTCOME_UNKNOWN, decided.by() + " counted the unknown outcome as a failure");
  }

  private void decided(String where, String tool, RunEvent.StepResolved decided) {
    switch (decided.resolution()) {
      case COMPLETE ->
          recorder.completed(
              where, tool, decided.output() == null ? Json.nothing() : decided.output());
      case FAIL, SKIP -> recorder.failed(where, tool, countedAsFailed(decided), false);
      case RETRY -> {
        // What came of trying again is in the journal by itself.
      }
    }
  }

  private void readChild(Awaited.Child child, String place, StepRef step) {
    List<Recorded> events = journal.apply(child.run());
    @Nullable Plan plan = null;
    for (Recorded each : events) {
      if (each.event() instanceof RunEvent.PlanGenerated generated) {
        plan = plans.apply(generated.plan());
      }
    }
    if (plan != null) {
      read(events, plan, place + Script.within(step.toString(), child.iteration()));
    }
  }

  private static boolean isWait(Step step) {
    return step.action() instanceof Action.AwaitTime;
  }

  /** A fork knows only the outputs of what it took over. */
  private static Set<String> takenOver(List<Recorded> events) {
    Set<String> taken = new HashSet<>();
    for (Recorded each : events) {
      if (each.event() instanceof RunEvent.StepCompleted done && done.attempt() == 0) {
        taken.add(done.step().step());
      }
    }
    return taken;
  }

  private static Plan still(Plan plan, Set<String> taken, boolean waits) {
    List<Step> steps =
        plan.steps().stream()
            .map(step -> step.doing(still(step, taken.contains(step.id()), waits)))
            .toList();
    return Plan.of(plan.header(), plan.inputs(), steps, plan.outputs());
  }

  private static Action still(Step step, boolean taken, boolean waits) {
    Action recorded = new Action.CallTool(STILL, Templates.template(Json.object()));
    return switch (step.action()) {
      case Action.CallTool call -> call;
      case Action.AwaitTime _ when waits -> recorded;
      case Action _ when taken -> recorded;
      case Action.AwaitTime wait -> wait;
      case Action.RunPlan run ->
          new Action.RunPlan(still(run.plan(), Set.of(), waits), run.inputs());
      case Action.Loop loop ->
          new Action.Loop(
              still(loop.body(), Set.of(), waits),
              loop.inputs(),
              loop.until(),
              loop.maxIterations());
      case Action.AwaitApproval approval -> approval;
      case Action.AwaitSignal signal -> signal;
    };
  }
}
