package dev.capstan.engine;

import dev.capstan.journal.Awaited;
import dev.capstan.journal.Ending;
import dev.capstan.journal.Failure;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepState;
import dev.capstan.journal.StepStatus;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.plan.Template;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Decides what happens next in a run from its state and the time, and from nothing else, so that
 * the same journal always leads to the same decisions. It changes nothing: the caller applies the
 * events, hands out the work, and asks again until nothing more follows.
 */
final class Decider {
  private final Opening opening;
  private final Closing closing;

  Decider(Opening opening, Closing closing) {
    this.opening = opening;
    this.closing = closing;
  }

  Decision decide(RunState state, Instant now) {
    if (state.terminal() != null) {
      return Decision.NOTHING;
    }
    if (state.ending() != null) {
      return closing.decide(state, now);
    }
    if (state.startedAt() == null) {
      return Decision.NOTHING;
    }
    Instant deadline = state.deadline();
    if (deadline != null && !now.isBefore(deadline)) {
      return Decision.of(new RunEvent.DeadlinePassed());
    }
    if (state.paused() != null) {
      return Decision.NOTHING;
    }
    Decision over = endWaits(state, now);
    if (!over.events().isEmpty()) {
      return over;
    }
    Decision opened = opening.decide(state, now);
    if (!opened.events().isEmpty() || !opened.work().isEmpty()) {
      return opened;
    }
    return state.open() == 0 ? Decision.of(completion(state)) : Decision.NOTHING;
  }

  private static Decision endWaits(RunState state, Instant now) {
    List<RunEvent> events = new ArrayList<>();
    List<Work> work = new ArrayList<>();
    for (StepState step : state.dueBy(now)) {
      Awaited awaited = step.awaited();
      if (awaited == null) {
        continue;
      }
      switch (awaited) {
        case Awaited.Time time -> {
          JsonNode output = Json.object().put("waited_until", time.until().toString());
          events.add(new RunEvent.StepCompleted(step.ref(), step.attempt(), step.since(), output));
        }
        case Awaited.Approval approval -> events.add(late(step, "nobody answered in time"));
        case Awaited.Signal signal ->
            events.add(late(step, "the signal '" + signal.name() + "' did not arrive in time"));
        case Awaited.Child child -> {
          events.add(late(step, "the sub-run " + child.run() + " did not end in time"));
          work.add(new Work.CancelChild(child.run(), "its parent stopped waiting"));
        }
      }
    }
    return new Decision(events, work);
  }

  private static RunEvent late(StepState step, String detail) {
    return new RunEvent.StepFailed(
        step.ref(), step.attempt(), Failure.of(ProblemCode.TIMED_OUT, detail), null);
  }

  private static RunEvent completion(RunState state) {
    List<StepState> failed =
        state.steps().stream().filter(step -> step.status() == StepStatus.FAILED).toList();
    if (!failed.isEmpty()
        && state.steps().stream().noneMatch(step -> step.status() == StepStatus.COMPLETED)) {
      StepState first = failed.getFirst();
      Failure failure = first.failure();
      return new RunEvent.RunFailed(
          first.ref(),
          failure == null ? Failure.of(ProblemCode.TOOL_FAILED, "every step failed") : failure,
          List.of(),
          List.of());
    }
    Map<String, JsonNode> outputs = new LinkedHashMap<>();
    try {
      for (Map.Entry<String, Template> output : state.plan().outputs().entrySet()) {
        outputs.put(output.getKey(), output.getValue().evaluate(state.scope(null)));
      }
    } catch (Refusal refusal) {
      return new RunEvent.OutputsFailed(Failure.of(refusal.problem()));
    }
    return new RunEvent.RunCompleted(outputs, failed.stream().map(StepState::ref).toList());
  }

  /** Whether a run that is ending does so because it was cancelled. */
  static boolean isCancelled(RunState state) {
    return state.ending() instanceof Ending.Cancelling;
  }
}
