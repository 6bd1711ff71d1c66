package dev.capstan.agents.estimate;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.TenantId;
import java.util.List;
import java.util.Map;

/** What runs of a plan did cost before. */
@FunctionalInterface
public interface History {
  /** Nothing has ever run. */
  History NONE = (tenant, plan) -> List.of();

  /**
   * A run that completed.
   *
   * @param steps what each step did cost that asked models, its items together
   * @param millis from its start to its end
   */
  record Past(Map<String, Money> steps, long millis) {
    public Past {
      steps = Map.copyOf(steps);
    }
  }

  /** The last few completed runs of plans of this name. May block. */
  List<Past> of(TenantId tenant, String plan);
}
