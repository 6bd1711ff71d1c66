package dev.capstan.engine.step;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import tools.jackson.databind.JsonNode;

/** How an attempt ended. */
public sealed interface Outcome {
  record Completed(JsonNode output) implements Outcome {}

  /**
   * @param retryable whether the step's retry policy applies; if not, the step has failed
   */
  record Failed(Problem problem, boolean retryable) implements Outcome {}

  /**
   * The attempt found that something within it was begun and must not be done twice, and nobody
   * knows whether it took effect. A person is asked; then the step is attempted again, and finds
   * among its checkpoints what they said: {@code {resolution: retry|complete|skip, output, by}}.
   *
   * @param key under which it finds that
   * @param call what may have been done, in words for people
   */
  record Unknown(String key, String call) implements Outcome {
    /** For whoever can ask nobody. */
    public Problem problem() {
      return Problem.of(
          ProblemCode.OUTCOME_UNKNOWN, "nobody knows whether this took effect: " + call);
    }
  }

  static Outcome completed(JsonNode output) {
    return new Completed(output);
  }

  /** A failure that may be retried exactly when its code says so. */
  static Outcome failed(Problem problem) {
    return new Failed(problem, problem.code().retryable());
  }

  static Outcome failed(ProblemCode code, String detail) {
    return failed(Problem.of(code, detail));
  }
}
