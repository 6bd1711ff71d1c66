package dev.capstan.engine;

import dev.capstan.journal.Awaited;
import dev.capstan.journal.Failure;
import dev.capstan.journal.Health;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepRef;
import dev.capstan.journal.StepState;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Answers why a run does not move. */
final class Standings {
  private static final int MOST = 1_000;

  private final Shared shared;
  private final Leases leases;

  Standings(Shared shared, Leases leases) {
    this.shared = shared;
    this.leases = leases;
  }

  CompletableFuture<List<Standing>> of(RunId run, @Nullable LiveRun live) {
    CompletableFuture<List<Standing>> answer = new CompletableFuture<>();
    Health health = shared.journal().health();
    if (health instanceof Health.Stopped stopped) {
      // A run's turn waits for the disk, so asking it would wait as well.
      Wait disk = new Wait.Disk(stopped.reason());
      answer.complete(List.of(standing(null, disk, stopped.since())));
    } else if (live != null) {
      live.post(
          new Letter.Ask(
              state -> answer.complete(state == null ? fromJournal(run) : of(state, live))));
    } else {
      answer.complete(fromJournal(run));
    }
    return answer;
  }

  private List<Standing> fromJournal(RunId run) {
    List<Recorded> events = shared.journal().read(run, 0, Integer.MAX_VALUE);
    return events.isEmpty()
        ? List.of()
        : of(RunState.fold(run, events, shared.plans()::plan), null);
  }

  private List<Standing> of(RunState state, @Nullable LiveRun live) {
    List<Standing> found = new ArrayList<>();
    if (state.terminal() != null) {
      return found;
    }
    if (live == null && state.owner() != shared.runs().worker()) {
      Instant expires = leases.expiry(state.owner()).orElse(null);
      found.add(standing(null, new Wait.Lease(state.owner(), expires), state.createdAt()));
      return found;
    }
    var paused = state.paused();
    if (paused != null) {
      Instant since = Objects.requireNonNullElse(state.pausedAt(), state.createdAt());
      found.add(standing(null, new Wait.Paused(paused.by(), paused.reason()), since));
    }
    if (state.startedAt() == null) {
      Wait place = live == null ? null : live.place();
      Wait slot =
          place == null ? new Wait.RunSlot(state.tenant(), shared.runSlots().limit(), 0) : place;
      found.add(standing(null, slot, state.createdAt()));
      return found;
    }
    Map<StepRef, Attempt> attempts = live == null ? Map.of() : live.attempts();
    everyState(state)
        .filter(step -> !step.status().isEnd() || attempts.containsKey(step.ref()))
        .limit(MOST)
        .forEach(step -> found.add(of(state, step, attempts.get(step.ref()))));
    List<StepState> undoing = state.undoing();
    if (undoing != null) {
      undoing.stream()
          .filter(step -> step.undoRetryAt() != null || step.undo() == StepState.Undo.UNKNOWN)
          .forEach(step -> found.add(undo(step)));
    }
    return found;
  }

  private static Stream<StepState> everyState(RunState state) {
    return Commands.everyState(state);
  }

  private static Standing undo(StepState step) {
    if (step.undo() == StepState.Undo.UNKNOWN) {
      return standing(step.ref(), new Wait.Decision(step.undoAttempt(), null), step.since());
    }
    Failure last = step.undoFailure();
    Instant until = Objects.requireNonNullElse(step.undoRetryAt(), step.since());
    return standing(
        step.ref(),
        new Wait.Retry(step.undoAttempt(), until, last == null ? "" : last.detail()),
        step.since());
  }

  private Standing of(RunState state, StepState step, @Nullable Attempt attempt) {
    if (attempt != null) {
      return standing(step.ref(), attempt.standing(), attempt.since());
    }
    Wait wait =
        switch (step.status()) {
          case PENDING -> new Wait.Upstream(unfinished(state, step));
          case READY -> new Wait.Parallelism(limit(state, step));
          case RETRYING -> retry(step);
          case WAITING -> awaited(step.awaited());
          case UNKNOWN -> decision(step);
          case COMPLETED, FAILED, SKIPPED, CANCELLED -> new Wait.Disk(null);
        };
    return standing(step.ref(), wait, step.since());
  }

  private static List<String> unfinished(RunState state, StepState step) {
    return step.step().dependsOn().stream()
        .filter(id -> !state.step(id).status().isEnd())
        .limit(20)
        .toList();
  }

  private static int limit(RunState state, StepState step) {
    var foreach = step.step().foreach();
    return foreach != null && foreach.maxConcurrency() > 0
        ? foreach.maxConcurrency()
        : state.plan().header().maxParallel();
  }

  private static Wait decision(StepState step) {
    var asked = step.question();
    return new Wait.Decision(step.attempt(), asked == null ? null : asked.call());
  }

  private static Wait retry(StepState step) {
    Failure failure = step.failure();
    Instant until = Objects.requireNonNullElse(step.retryAt(), step.since());
    if (failure != null
        && failure.code().equals(ProblemCode.CIRCUIT_OPEN.wireName())
        && step.step().action() instanceof dev.capstan.plan.Action.CallTool call) {
      return new Wait.Breaker(call.tool(), until);
    }
    return new Wait.Retry(step.attempt(), until, failure == null ? "" : failure.detail());
  }

  private static Wait awaited(@Nullable Awaited awaited) {
    return switch (awaited) {
      case null -> new Wait.Disk(null);
      case Awaited.Time time -> new Wait.Timer(time.until());
      case Awaited.Approval approval -> new Wait.Approval(approval.message(), approval.until());
      case Awaited.Signal signal -> new Wait.Signal(signal.name(), signal.until());
      case Awaited.Child child -> new Wait.Child(child.run(), child.iteration());
    };
  }

  private static Standing standing(@Nullable StepRef step, Wait wait, Instant since) {
    return new Standing(step, wait, since, release(step, wait));
  }

  /** In words; every kind of wait has its own. */
  private static String release(@Nullable StepRef step, Wait wait) {
    return switch (wait) {
      case Wait.Working working ->
          "the tool '"
              + working.tool()
              + "' answers"
              + (working.deadline() == null ? "" : ", or its time-out at " + working.deadline());
      case Wait.Timer timer -> "time: " + timer.until();
      case Wait.Approval _ -> "a person: capstan approve RUN --step " + step;
      case Wait.Signal signal -> "a signal: capstan signal RUN " + signal.name();
      case Wait.Child child -> "the end of sub-run " + child.run();
      case Wait.Retry retry -> "time: the next attempt is at " + retry.until();
      case Wait.Breaker breaker ->
          "time: the circuit of '" + breaker.tool() + "' is tried again at " + breaker.halfOpenAt();
      case Wait.Upstream upstream -> "the end of " + String.join(", ", upstream.steps());
      case Wait.Parallelism parallelism ->
          parallelism.limit() == 0
              ? "its turn, which is next"
              : "the end of one of the " + parallelism.limit() + " that the plan lets run at once";
      case Wait.RunSlot slot ->
          "a run slot (of " + slot.limit() + "); " + slot.ahead() + " of this tenant go first";
      case Wait.StepSlot slot ->
          "a step slot (of " + slot.limit() + "); " + slot.ahead() + " of this tenant go first";
      case Wait.Paused _ -> "a person: capstan resume RUN";
      case Wait.Decision _ -> "a person: capstan resolve RUN " + step + " retry|complete|skip|fail";
      case Wait.Disk disk ->
          disk.reason() == null ? "the disk, in a moment" : "the journal writing again";
      case Wait.Lease lease ->
          lease.expires() == null
              ? "another process taking it over"
              : "its owner, or the end of the owner's lease at " + lease.expires();
    };
  }
}
