package dev.capstan.plan.expression;

import dev.capstan.plan.Expression;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** An expression of which the checker can ask what it reads. Two of the same source are equal. */
public interface KnownExpression extends Expression {
  /** Everything that it reads from its scope and that can be known without evaluating it. */
  List<Reference> references();

  /** The steps that these references name. */
  static Set<String> stepsOf(List<Reference> references) {
    Set<String> steps = new LinkedHashSet<>();
    for (Reference reference : references) {
      if (reference.root().equals(Roots.STEPS) && !reference.hops().isEmpty()) {
        steps.add(reference.hops().getFirst());
      }
    }
    return java.util.Collections.unmodifiableSet(steps);
  }
}
