package dev.capstan.engine;

import dev.capstan.journal.Awaited;
import dev.capstan.journal.Ending;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepRef;
import dev.capstan.journal.StepState;
import dev.capstan.journal.StepStatus;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a run makes of a command: an event, nothing when it is already so, or a refusal that says
 * what the state is.
 */
final class Commands {
  private Commands() {}

  static Reaction react(RunState state, Command command) {
    if (state.terminal() != null) {
      boolean already = command instanceof Command.Cancel && Decider.isCancelled(state);
      return already
          ? Reaction.NOTHING
          : refused("the run has ended: it is " + state.status().wireName());
    }
    return switch (command) {
      case Command.Pause pause -> pause(state, pause);
      case Command.Resume resume ->
          state.paused() == null
              ? refused("the run is not paused: it is " + state.status().wireName())
              : Reaction.of(new RunEvent.RunResumed(resume.by()));
      case Command.Cancel cancel -> cancel(state, cancel);
      case Command.Approve approve -> approve(state, approve);
      case Command.Signal signal ->
          state.ending() != null
              ? refused("the run is being stopped and takes no signals")
              : Reaction.of(
                  new RunEvent.SignalReceived(signal.name(), signal.payload(), signal.by()));
      case Command.Resolve resolve -> resolve(state, resolve);
    };
  }

  private static Reaction refused(String detail) {
    return new Reaction.Refused(Problem.of(ProblemCode.CONFLICT, detail));
  }

  private static Reaction pause(RunState state, Command.Pause pause) {
    if (state.ending() != null) {
      return refused("the run is being stopped: it is " + state.status().wireName());
    }
    return state.paused() != null
        ? Reaction.NOTHING
        : Reaction.of(new RunEvent.RunPaused(pause.by(), pause.reason()));
  }

  private static Reaction cancel(RunState state, Command.Cancel cancel) {
    return switch (state.ending()) {
      case null -> Reaction.of(new RunEvent.CancelRequested(cancel.by(), cancel.reason()));
      case Ending.Cancelling already -> Reaction.NOTHING;
      case Ending.Failing failing ->
          refused("the run is failing already: " + failing.failure().detail());
    };
  }

  private static Reaction approve(RunState state, Command.Approve approve) {
    List<StepState> asking =
        state.startedAt() == null
            ? List.of()
            : everyState(state).filter(Commands::asksForApproval).toList();
    StepRef named = approve.step();
    if (named == null && asking.size() > 1) {
      return refused(
          "several steps wait for an approval; name one: "
              + asking.stream().map(step -> step.ref().toString()).toList());
    }
    Optional<StepState> found =
        asking.stream().filter(step -> named == null || step.ref().equals(named)).findFirst();
    if (found.isEmpty() || state.ending() != null) {
      return refused(
          (named == null ? "no step" : "step '" + named + "' does not exist or")
              + " waits for an approval now");
    }
    return Reaction.of(
        new RunEvent.ApprovalGiven(
            found.get().ref(), approve.approved(), approve.by(), approve.comment()));
  }

  private static boolean asksForApproval(StepState step) {
    return step.status() == StepStatus.WAITING && step.awaited() instanceof Awaited.Approval;
  }

  private static Reaction resolve(RunState state, Command.Resolve resolve) {
    boolean unknown =
        state.hasPlan()
            && state.has(resolve.step())
            && isUnknown(state, state.state(resolve.step()));
    if (!unknown) {
      return refused("step '" + resolve.step() + "' is no step whose outcome is unknown");
    }
    return Reaction.of(
        new RunEvent.StepResolved(
            resolve.step(), resolve.resolution(), resolve.output(), resolve.by()));
  }

  private static boolean isUnknown(RunState state, StepState step) {
    return step.undo() == StepState.Undo.UNKNOWN
        || (step.status() == StepStatus.UNKNOWN && state.ending() == null);
  }

  static Stream<StepState> everyState(RunState state) {
    return state.steps().stream()
        .flatMap(step -> step.isExpanded() ? step.items().stream() : Stream.of(step));
  }
}
