package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wish to spend at most so much on one attempt at one provider.
 *
 * @param run whose row it becomes, if a run's
 * @param step of that run, or empty
 * @param agent who asks, or empty
 * @param key the name of the API key that it came in with, or empty
 * @param budgets every one that it counts against; all or none are reserved
 * @param most the worst case, that the vendor cannot pass
 */
public record Claim(
    TenantId tenant,
    @Nullable RunId run,
    String step,
    String agent,
    String key,
    String provider,
    String model,
    List<Budget> budgets,
    Money most) {
  public Claim {
    budgets = List.copyOf(budgets);
  }

  /** One that came in with no key. */
  public Claim(
      TenantId tenant,
      @Nullable RunId run,
      String step,
      String agent,
      String provider,
      String model,
      List<Budget> budgets,
      Money most) {
    this(tenant, run, step, agent, "", provider, model, budgets, most);
  }
}
