package dev.capstan.agents.planner;

import dev.capstan.agents.Planned;
import dev.capstan.agents.Planner;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.TenantId;
import java.util.List;

/**
 * Asks one planner, and the other one where the first can make nothing of it. What neither
 * understands is refused with the words of both.
 */
public final class HybridPlanner implements Planner {
  private static final int LONGEST_WORDS = 1_200;

  private final Planner first;
  private final Planner second;

  public HybridPlanner(Planner first, Planner second) {
    this.first = first;
    this.second = second;
  }

  @Override
  public String name() {
    return first.name() + ", " + second.name();
  }

  @Override
  public Planned plan(String prompt, TenantId tenant) throws InterruptedException {
    return switch (first.plan(prompt, tenant)) {
      case Planned.Understood understood -> understood;
      case Planned.NotUnderstood no ->
          switch (second.plan(prompt, tenant)) {
            case Planned.Understood understood -> understood;
            case Planned.NotUnderstood neither -> both(no.problem(), neither.problem());
          };
    };
  }

  private Planned both(Problem one, Problem other) {
    String detail =
        first.name()
            + " planner: "
            + shown(one)
            + "; "
            + second.name()
            + " planner: "
            + other.detail();
    List<Mistake> mistakes = one.mistakes().isEmpty() ? other.mistakes() : one.mistakes();
    return new Planned.NotUnderstood(Problem.of(ProblemCode.NOT_UNDERSTOOD, detail, mistakes));
  }

  private static String shown(Problem problem) {
    String words = problem.detail();
    return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS) + "…";
  }
}
