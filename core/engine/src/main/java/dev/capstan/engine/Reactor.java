package dev.capstan.engine;

import dev.capstan.engine.step.Checkpoints;
import dev.capstan.engine.step.Outcome;
import dev.capstan.journal.Awaited;
import dev.capstan.journal.Failure;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepState;
import dev.capstan.journal.StepStatus;
import dev.capstan.kernel.Dice;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.plan.Action;
import dev.capstan.plan.RetryPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Turns what comes from outside into events: pure, as the {@link Decider} is. */
final class Reactor {
  /** Undoing is tried harder than doing: where a step names no retries of its own, these. */
  static final RetryPolicy UNDO =
      new RetryPolicy(
          5,
          RetryPolicy.Strategy.EXPONENTIAL_BACKOFF,
          Duration.ofSeconds(1),
          Duration.ofSeconds(60),
          false);

  private final Supplier<RunId> childIds;

  Reactor(Supplier<RunId> childIds) {
    this.childIds = childIds;
  }

  Reaction react(RunState state, Stimulus stimulus, Instant now) {
    if (state.terminal() != null && stimulus instanceof Stimulus.Reached) {
      return refused(ProblemCode.CONFLICT, "the run has ended");
    }
    if (state.terminal() != null && !(stimulus instanceof Stimulus.Commanded)) {
      return Reaction.NOTHING;
    }
    return switch (stimulus) {
      case Stimulus.Begin begin ->
          state.startedAt() == null ? Reaction.of(new RunEvent.ExecutionStart()) : Reaction.NOTHING;
      case Stimulus.Claim claim -> Reaction.of(new RunEvent.RunClaimed(claim.owner()));
      case Stimulus.Due due -> Reaction.NOTHING;
      case Stimulus.Ended ended -> ended(state, ended, now);
      case Stimulus.Reached reached -> reached(state, reached);
      case Stimulus.ChildEnded child -> childEnded(state, child, now);
      case Stimulus.Commanded commanded -> Commands.react(state, commanded.command());
    };
  }

  private static Reaction ended(RunState state, Stimulus.Ended ended, Instant now) {
    StepState step = state.state(ended.step());
    boolean current =
        step.underWay() && ended.attempt() == (ended.undo() ? step.undoAttempt() : step.attempt());
    if (!current) {
      return Reaction.NOTHING;
    }
    return Reaction.of(
        switch (ended.outcome()) {
          case Outcome.Completed completed when ended.undo() ->
              new RunEvent.StepCompensated(step.ref(), ended.attempt());
          case Outcome.Completed completed ->
              new RunEvent.StepCompleted(
                  step.ref(), ended.attempt(), ended.startedAt(), completed.output());
          case Outcome.Unknown unknown when ended.undo() ->
              undoFailed(state, step, ended, new Outcome.Failed(unknown.problem(), false), now);
          case Outcome.Unknown unknown ->
              new RunEvent.StepUnknown(
                  step.ref(),
                  ended.attempt(),
                  new RunEvent.Question(unknown.key(), unknown.call()));
          case Outcome.Failed failed when ended.undo() ->
              undoFailed(state, step, ended, failed, now);
          case Outcome.Failed failed when ended.interrupted() ->
              new RunEvent.StepCancelled(step.ref(), ended.attempt());
          case Outcome.Failed failed ->
              stepFailed(state, step, failed, later(now, ended.notBefore()));
        });
  }

  private static Reaction reached(RunState state, Stimulus.Reached reached) {
    StepState step = state.state(reached.step());
    if (!step.underWay() || reached.attempt() != step.attempt() || state.undoing() != null) {
      return refused(ProblemCode.CONFLICT, "this attempt is not the step's current one any more");
    }
    if (step.checkpoints().size() >= Checkpoints.MOST) {
      return refused(
          ProblemCode.LIMIT_REACHED, "a step keeps at most " + Checkpoints.MOST + " checkpoints");
    }
    return Reaction.of(
        new RunEvent.StepCheckpointed(
            reached.step(), reached.attempt(), reached.key(), reached.value()));
  }

  private static Reaction refused(ProblemCode code, String detail) {
    return new Reaction.Refused(Problem.of(code, detail));
  }

  private static Instant later(Instant now, @Nullable Instant notBefore) {
    return notBefore != null && notBefore.isAfter(now) ? notBefore : now;
  }

  private static RunEvent undoFailed(
      RunState state, StepState step, Stimulus.Ended ended, Outcome.Failed failed, Instant now) {
    RetryPolicy policy = step.step().retry().maxRetries() > 0 ? step.step().retry() : UNDO;
    Instant retryAt = null;
    if (failed.retryable() && ended.attempt() <= policy.maxRetries()) {
      retryAt =
          later(
              now.plus(policy.delayAfter(ended.attempt(), dice(state, step, ended.attempt()))),
              ended.notBefore());
    }
    return new RunEvent.CompensationFailed(
        step.ref(), ended.attempt(), Failure.of(failed.problem()), retryAt);
  }

  private static Outcome.Failed childFailed(String detail, boolean retryable) {
    return new Outcome.Failed(Problem.of(ProblemCode.CHILD_FAILED, detail), retryable);
  }

  private static RunEvent stepFailed(
      RunState state, StepState step, Outcome.Failed failed, Instant earliest) {
    RetryPolicy policy = step.step().retry();
    int attempt = step.attempt();
    Instant retryAt = null;
    if (failed.retryable() && attempt <= policy.maxRetries() && state.ending() == null) {
      retryAt = earliest.plus(policy.delayAfter(attempt, dice(state, step, attempt)));
    }
    return new RunEvent.StepFailed(step.ref(), attempt, Failure.of(failed.problem()), retryAt);
  }

  private static double dice(RunState state, StepState step, int attempt) {
    return Dice.unit(
        state.run().value(), ((long) step.index() << 32) | (step.ref().item() + 1), attempt);
  }

  private Reaction childEnded(RunState state, Stimulus.ChildEnded ended, Instant now) {
    StepState step = state.state(ended.step());
    if (step.status() != StepStatus.WAITING
        || !(step.awaited() instanceof Awaited.Child awaited)
        || !awaited.run().equals(ended.child())) {
      return Reaction.NOTHING;
    }
    return Reaction.of(
        switch (ended.end()) {
          case RunEvent.RunCompleted completed ->
              childCompleted(state, step, awaited, Json.valueOf(completed.outputs()));
          case RunEvent.RunFailed failed -> {
            String said = "sub-run " + ended.child() + " failed: " + failed.failure().detail();
            yield stepFailed(state, step, childFailed(said, true), now);
          }
          case RunEvent.RunCancelled cancelled when state.ending() != null ->
              new RunEvent.StepCancelled(step.ref(), step.attempt());
          case RunEvent.RunCancelled cancelled -> {
            String said = "sub-run " + ended.child() + " was cancelled by " + cancelled.by();
            yield stepFailed(state, step, childFailed(said, false), now);
          }
        });
  }

  private RunEvent childCompleted(
      RunState state, StepState step, Awaited.Child awaited, JsonNode outputs) {
    Instant startedAt = step.startedAt() == null ? step.since() : step.startedAt();
    if (!(step.step().action() instanceof Action.Loop loop) || state.ending() != null) {
      return new RunEvent.StepCompleted(step.ref(), step.attempt(), startedAt, outputs);
    }
    try {
      if (loop.until().holds(state.roundScope(step, awaited.iteration(), outputs))) {
        return new RunEvent.StepCompleted(step.ref(), step.attempt(), startedAt, outputs);
      }
    } catch (Refusal refusal) {
      return new RunEvent.StepFailed(
          step.ref(), step.attempt(), Failure.of(refusal.problem()), null);
    }
    if (awaited.iteration() >= loop.maxIterations()) {
      Problem problem =
          Problem.of(
              ProblemCode.LIMIT_REACHED,
              "the guard did not hold after " + loop.maxIterations() + " iterations");
      return new RunEvent.StepFailed(step.ref(), step.attempt(), Failure.of(problem), null);
    }
    return new RunEvent.StepWaiting(
        step.ref(),
        new Awaited.Child(childIds.get(), awaited.iteration() + 1, awaited.until(), outputs));
  }
}
