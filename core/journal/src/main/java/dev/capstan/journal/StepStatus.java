package dev.capstan.journal;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;

/** Where a step stands. */
public enum StepStatus {
  /** Something that it needs has not ended. */
  PENDING,
  /**
   * It may start, or has been started; for a {@code foreach} step: its items are being worked on.
   */
  READY,
  /** A failed attempt will be made again. */
  RETRYING,
  /** It waits for a time, a person, a signal or a sub-run. */
  WAITING,
  /** Nobody knows whether it took effect; a person must decide. */
  UNKNOWN,
  COMPLETED,
  FAILED,
  SKIPPED,
  CANCELLED;

  /** Whether nothing more will happen to it (but for its compensation). */
  public boolean isEnd() {
    return compareTo(COMPLETED) >= 0;
  }

  @JsonValue
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
