package dev.capstan.engine;

import dev.capstan.journal.Awaited;
import dev.capstan.journal.Ending;
import dev.capstan.journal.Failure;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepRef;
import dev.capstan.journal.StepState;
import dev.capstan.journal.StepStatus;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.plan.Action;
import dev.capstan.plan.Effect;
import dev.capstan.plan.ToolCatalog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Brings a run that will not complete to its end: stops what is under way, undoes what was done,
 * newest first, and says what came of it.
 */
final class Closing {
  private final ToolCatalog tools;

  Closing(ToolCatalog tools) {
    this.tools = tools;
  }

  Decision decide(RunState state, Instant now) {
    List<StepState> undoing = state.undoing();
    return undoing == null ? stop(state) : undo(state, undoing, now);
  }

  private static Decision stop(RunState state) {
    List<Work> stopping = new ArrayList<>();
    if (state.underWay() > 0) {
      stopping.add(new Work.InterruptAll());
    }
    if (state.waiting() > 0) {
      Commands.everyState(state)
          .filter(step ->
              step.status() == StepStatus.WAITING && step.awaited() instanceof Awaited.Child)
          .forEach(step ->
              stopping.add(
                  new Work.CancelChild(
                      ((Awaited.Child) step.awaited()).run(), "its parent is being stopped")));
    }
    if (!stopping.isEmpty()) {
      return new Decision(List.of(), stopping);
    }
    List<StepRef> order = state.undoable().reversed().stream().map(StepState::ref).toList();
    return Decision.of(
        order.isEmpty() ? end(state, List.of()) : new RunEvent.CompensationStarted(order));
  }

  private Decision undo(RunState state, List<StepState> undoing, Instant now) {
    if (state.underWay() > 0) {
      return Decision.NOTHING;
    }
    for (StepState step : undoing) {
      switch (step.undo()) {
        case DUE -> {
          return undo(state, step, now);
        }
        case UNKNOWN -> {
          return Decision.NOTHING;
        }
        case NONE, DONE, GIVEN_UP -> {}
      }
    }
    return Decision.of(end(state, undoing));
  }

  private Decision undo(RunState state, StepState step, Instant now) {
    Instant retryAt = step.undoRetryAt();
    if (retryAt != null && now.isBefore(retryAt)) {
      return Decision.NOTHING;
    }
    if (step.undoStartedDurably()) {
      return Decision.of(new RunEvent.StepUnknown(step.ref(), step.undoAttempt(), null));
    }
    Action.CallTool compensate = step.step().compensate();
    if (compensate == null || tools.spec(compensate.tool()).isEmpty()) {
      return givenUp(
          step,
          Failure.of(ProblemCode.NOT_FOUND, "this process does not have the tool that undoes it"));
    }
    try {
      int attempt = step.undoAttempt() + 1;
      JsonNode input = compensate.input().evaluate(state.scope(step));
      Effect effect = tools.spec(compensate.tool()).orElseThrow().effect();
      Work work =
          new Work.Attempt(step.ref(), attempt, compensate.tool(), input, effect, true, List.of());
      List<RunEvent> first =
          effect == Effect.ONCE
              ? List.of(new RunEvent.CompensationAttempted(step.ref(), attempt))
              : List.of();
      return new Decision(first, List.of(work));
    } catch (Refusal refusal) {
      return givenUp(step, Failure.of(refusal.problem()));
    }
  }

  private static Decision givenUp(StepState step, Failure why) {
    return Decision.of(
        new RunEvent.CompensationFailed(step.ref(), Math.max(1, step.undoAttempt()), why, null));
  }

  private static RunEvent end(RunState state, List<StepState> undoing) {
    List<StepRef> done =
        undoing.stream()
            .filter(step -> step.undo() == StepState.Undo.DONE)
            .map(StepState::ref)
            .toList();
    // What was stopped half-way, or whose outcome nobody knows, may have taken effect and was not
    // undone.
    List<StepRef> left =
        Stream.concat(
                undoing.stream().filter(step -> step.undo() != StepState.Undo.DONE),
                Commands.everyState(state).filter(Closing::mayHaveTakenEffect))
            .map(StepState::ref)
            .toList();
    return switch (ending(state)) {
      case Ending.Failing failing ->
          new RunEvent.RunFailed(failing.step(), failing.failure(), done, left);
      case Ending.Cancelling cancelling -> new RunEvent.RunCancelled(cancelling.by(), done, left);
    };
  }

  private static boolean mayHaveTakenEffect(StepState step) {
    boolean halfDone = step.status() == StepStatus.CANCELLED || step.status() == StepStatus.UNKNOWN;
    return halfDone && step.step().compensate() != null && !step.isExpanded();
  }

  private static Ending ending(RunState state) {
    @Nullable Ending ending = state.ending();
    if (ending == null) {
      throw new IllegalStateException(state.run() + " is not ending");
    }
    return ending;
  }
}
