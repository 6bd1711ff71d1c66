package dev.capstan.kernel;

/**
 * Carries a {@link Problem} out of a constructor or a parser to the edge. Cheap: it records no
 * stack.
 */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  public Refusal(Problem problem) {
    super(problem.toString(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
