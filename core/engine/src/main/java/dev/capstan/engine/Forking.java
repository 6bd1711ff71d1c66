package dev.capstan.engine;

import dev.capstan.journal.Attachment;
import dev.capstan.journal.Journal;
import dev.capstan.journal.Plans;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepRef;
import dev.capstan.journal.StepState;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.plan.Action;
import dev.capstan.plan.Plan;
import dev.capstan.plan.Step;
import dev.capstan.plan.Template;
import dev.capstan.plan.Templates;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes the first events of a fork: the origin's outputs for everything that does not come after
 * the step, and none of its effects.
 */
final class Forking {
  private final Journal journal;
  private final Plans plans;
  private final long owner;

  Forking(Journal journal, Plans plans, long owner) {
    this.journal = journal;
    this.plans = plans;
    this.owner = owner;
  }

  /** Throws a {@link dev.capstan.kernel.Refusal} when the run or the step does not exist. */
  Opened open(Fork fork) {
    List<Recorded> origin = journal.read(fork.run(), 0, Integer.MAX_VALUE);
    RunState state = RunState.fold(fork.run(), origin, plans::plan);
    if (origin.isEmpty() || !state.tenant().equals(fork.tenant()) || !state.hasPlan()) {
      throw Problem.of(ProblemCode.NOT_FOUND, "there is no run " + fork.run()).refusal();
    }
    if (!state.plan().has(fork.step())) {
      List<String> steps = state.plan().steps().stream().map(Step::id).limit(20).toList();
      throw Problem.of(
              ProblemCode.NOT_FOUND,
              "run " + fork.run() + " has no step '" + fork.step() + "'; it has " + steps)
          .refusal();
    }
    Plan plan = fork.stepInputs().isEmpty() ? state.plan() : changed(state.plan(), fork);
    Attachment attachment = plans.attachment(plan);
    List<RunEvent> events = new ArrayList<>();
    events.add(
        new RunEvent.RunCreated(
            fork.tenant(),
            owner,
            state.created().prompt(),
            Dotted.set(state.inputs(), fork.inputs()),
            state.created().priority(),
            fork.correlationId(),
            null,
            new RunEvent.Origin(fork.run(), fork.step())));
    events.add(
        new RunEvent.PlanGenerated(
            attachment.hash(), "fork", plan.header().name(), plan.steps().size()));
    events.addAll(takenOver(state, fork.step()));
    events.addAll(begun(origin, fork));
    events.add(new RunEvent.ExecutionStart());
    return new Opened(events, List.of(attachment), false, state.created().priority());
  }

  /** What the step itself had done when it is to go on in the middle of its work. */
  private static List<RunEvent> begun(List<Recorded> origin, Fork fork) {
    Fork.Before within = fork.within();
    List<RunEvent> kept = new ArrayList<>();
    if (within == null) {
      return kept;
    }
    int seen = 0;
    for (Recorded each : origin) {
      if (each.event() instanceof RunEvent.StepCheckpointed checkpoint
          && checkpoint.step().equals(StepRef.of(fork.step()))) {
        seen += checkpoint.key().equals(within.key()) ? 1 : 0;
        if (seen == within.nth()) {
          return kept;
        }
        kept.add(
            new RunEvent.StepCheckpointed(
                checkpoint.step(), 0, checkpoint.key(), checkpoint.value()));
      }
    }
    throw Problem.of(
            ProblemCode.INVALID_REQUEST,
            "step '"
                + fork.step()
                + "' of run "
                + fork.run()
                + " has "
                + seen
                + " "
                + within.key()
                + "s; there is none to begin with at "
                + within.nth())
        .refusal();
  }

  private static List<RunEvent> takenOver(RunState state, String from) {
    Set<Integer> anew = downstream(state.plan(), state.plan().indexOf(from));
    List<StepState> kept =
        state.steps().stream()
            .filter(step -> !anew.contains(step.index()))
            .filter(step -> step.endedAt() != null && step.output() != null)
            .sorted(
                Comparator.comparing(
                    step -> step.endedAt() == null ? step.since() : step.endedAt()))
            .toList();
    List<RunEvent> events = new ArrayList<>();
    Set<Integer> settled = new HashSet<>();
    // An origin's step may have ended before one that it depends on was recorded at the same
    // instant: keep the plan's order then.
    Deque<StepState> waiting = new ArrayDeque<>(kept);
    int idle = 0;
    while (!waiting.isEmpty() && idle <= waiting.size()) {
      StepState step = waiting.removeFirst();
      boolean ready =
          step.step().dependsOn().stream()
              .allMatch(id -> settled.contains(state.plan().indexOf(id)));
      if (ready) {
        takeOver(step, events);
        settled.add(step.index());
        idle = 0;
      } else {
        waiting.addLast(step);
        idle++;
      }
    }
    return events;
  }

  private static void takeOver(StepState step, List<RunEvent> events) {
    if (step.isExpanded()) {
      events.add(new RunEvent.StepExpanded(step.ref(), step.itemCount()));
      step.items().forEach(item -> takeOver(item, events));
      return;
    }
    JsonNode output = step.output();
    switch (step.status()) {
      case SKIPPED -> events.add(new RunEvent.StepSkipped(step.ref(), RunEvent.SkipReason.GUARD));
      case COMPLETED ->
          events.add(
              new RunEvent.StepCompleted(
                  step.ref(),
                  0,
                  step.startedAt() == null ? step.since() : step.startedAt(),
                  output == null ? Json.nothing() : output));
      default -> {}
    }
  }

  private static Set<Integer> downstream(Plan plan, int from) {
    Set<Integer> found = new HashSet<>();
    Deque<Integer> open = new ArrayDeque<>();
    open.add(from);
    while (!open.isEmpty()) {
      int step = open.removeFirst();
      if (found.add(step)) {
        for (int dependent : plan.dependents(step)) {
          open.add(dependent);
        }
      }
    }
    return found;
  }

  private static Plan changed(Plan plan, Fork fork) {
    List<Step> steps = new ArrayList<>(plan.steps());
    Set<Integer> anew = downstream(plan, plan.indexOf(fork.step()));
    fork.stepInputs()
        .forEach((id, values) -> {
          int index = plan.has(id) ? plan.indexOf(id) : -1;
          if (!anew.contains(index)) {
            throw wrong(
                index < 0
                    ? "there is no step '" + id + "' to change"
                    : "step '"
                        + id
                        + "' does not come after '"
                        + fork.step()
                        + "', so it is taken over as it was; fork from it to change it");
          }
          steps.set(index, changed(steps.get(index), values));
        });
    return Plan.of(plan.header(), plan.inputs(), steps, plan.outputs());
  }

  private static RuntimeException wrong(String detail) {
    return Problem.of(ProblemCode.INVALID_REQUEST, detail).refusal();
  }

  private static Step changed(Step step, ObjectNode values) {
    return step.doing(changed(step.action(), values, step));
  }

  private static Template changed(Template input, ObjectNode values, Step step) {
    Template changed = Templates.template(Dotted.set(input.source(), values));
    for (String other : changed.stepReferences()) {
      if (!step.dependsOn().contains(other)) {
        throw wrong(
            "what step '"
                + step.id()
                + "' is to be given refers to step '"
                + other
                + "', which it does not depend on");
      }
    }
    return changed;
  }

  private static Action changed(Action action, ObjectNode values, Step step) {
    return switch (action) {
      case Action.CallTool call ->
          new Action.CallTool(call.tool(), changed(call.input(), values, step));
      case Action.RunPlan run ->
          new Action.RunPlan(run.plan(), changed(run.inputs(), values, step));
      case Action.Loop loop ->
          new Action.Loop(
              loop.body(),
              changed(loop.inputs(), values, step),
              loop.until(),
              loop.maxIterations());
      case Action.AwaitTime _, Action.AwaitApproval _, Action.AwaitSignal _ ->
          throw wrong("a step that waits has no input to change");
    };
  }
}
