package dev.capstan.llm.stage;

import dev.capstan.llm.Origin;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.limit.Limit;
import java.time.Instant;
import java.util.List;

/** What the configuration allows, beside what the caller brings. */
public interface Rules {
  /** Every limit that a call of this origin to this target has to keep, each once. */
  List<Limit> limits(Origin origin, Target target);

  /** Every budget of the configuration that it counts against at this instant. */
  List<Budget> budgets(Origin origin, Target target, Instant now);

  /** Allows everything. */
  Rules NONE =
      new Rules() {
        @Override
        public List<Limit> limits(Origin origin, Target target) {
          return List.of();
        }

        @Override
        public List<Budget> budgets(Origin origin, Target target, Instant now) {
          return List.of();
        }
      };
}
