package dev.capstan.journal;

import org.jspecify.annotations.Nullable;

/** Why a run that has not ended yet will not complete. */
public sealed interface Ending {
  /**
   * @param step the step that failed; null for the deadline
   */
  record Failing(@Nullable StepRef step, Failure failure) implements Ending {}

  record Cancelling(String by, @Nullable String reason) implements Ending {}
}
