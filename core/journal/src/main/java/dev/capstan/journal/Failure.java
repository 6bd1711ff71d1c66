package dev.capstan.journal;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;

/**
 * A problem as the journal keeps it.
 *
 * @param code a {@link ProblemCode}'s wire name
 */
public record Failure(String code, String detail) {
  public static Failure of(Problem problem) {
    return new Failure(problem.code().wireName(), problem.detail());
  }

  public static Failure of(ProblemCode code, String detail) {
    return of(Problem.of(code, detail));
  }

  public Problem problem() {
    return Problem.of(ProblemCode.ofWireName(code), detail);
  }
}
