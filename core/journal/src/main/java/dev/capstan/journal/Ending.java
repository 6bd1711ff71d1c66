package dev.capstan.journal;

import dev.capstan.kernel.ProblemCode;
import org.jspecify.annotations.Nullable;

/** Why a run that has not ended yet will not complete. */
public sealed interface Ending {
  /**
   * @param step the step that failed; null for the deadline
   */
  record Failing(@Nullable StepRef step, Failure failure) implements Ending {
    static Failing of(ProblemCode code, String detail) {
      return new Failing(null, Failure.of(code, detail));
    }
  }

  record Cancelling(String by, @Nullable String reason) implements Ending {}
}
