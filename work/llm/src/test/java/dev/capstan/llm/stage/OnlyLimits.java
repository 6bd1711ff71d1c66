package dev.capstan.llm.stage;

import dev.capstan.llm.Origin;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.limit.Limit;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** The same limits for every call, as they are now, and no budgets but the caller's. */
record OnlyLimits(Supplier<List<Limit>> now) implements Rules {
  @Override
  public List<Limit> limits(Origin origin, Target target) {
    return now.get();
  }

  @Override
  public List<Budget> budgets(Origin origin, Target target, Instant when) {
    return List.of();
  }
}
