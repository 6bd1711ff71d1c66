package dev.capstan.journal;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

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

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
