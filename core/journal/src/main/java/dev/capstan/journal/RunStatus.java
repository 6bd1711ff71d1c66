package dev.capstan.journal;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a run stands, as people see it; folded from its events. */
public enum RunStatus {
  /** Accepted, not started: it waits for a slot. */
  PENDING,
  RUNNING,
  /** Every step that could go on waits for a time, a person, a signal or a sub-run. */
  WAITING,
  PAUSED,
  /** A {@code once} step's outcome is unknown and a person must decide. */
  BLOCKED,
  /** It will not complete; what was done is being undone. */
  COMPENSATING,
  /** Cancellation was asked for and what is under way is being stopped. */
  CANCELLING,
  COMPLETED,
  /** It ended, but steps failed; see {@code allow_partial_completion}. */
  COMPLETED_PARTIALLY,
  FAILED,
  CANCELLED;

  public boolean isTerminal() {
    return compareTo(COMPLETED) >= 0;
  }

  static RunStatus of(RunState run, @Nullable Board board) {
    return switch (run.terminal()) {
      case RunEvent.RunCompleted e when !e.failed().isEmpty() -> COMPLETED_PARTIALLY;
      case RunEvent.RunCompleted _ -> COMPLETED;
      case RunEvent.RunFailed _ -> FAILED;
      case RunEvent.RunCancelled _ -> CANCELLED;
      case null -> ofUnfinished(run, board);
    };
  }

  private static RunStatus ofUnfinished(RunState run, @Nullable Board board) {
    List<StepState> undoing = run.undoing();
    if (undoing != null) {
      boolean blocked = undoing.stream().anyMatch(step -> step.undo() == StepState.Undo.UNKNOWN);
      return blocked ? BLOCKED : COMPENSATING;
    }
    if (run.ending() instanceof Ending.Cancelling) {
      return CANCELLING;
    }
    if (run.paused() != null) {
      return PAUSED;
    }
    if (board == null || run.startedAt() == null) {
      return PENDING;
    }
    if (board.underWay() > 0 || board.frontier().hasReady() || run.ending() != null) {
      return RUNNING;
    }
    if (board.unknown() > 0) {
      return BLOCKED;
    }
    return board.waiting() > 0 ? WAITING : RUNNING;
  }

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
