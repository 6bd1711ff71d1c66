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
