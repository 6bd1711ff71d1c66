package dev.capstan.agents.estimate;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.TenantId;
import dev.capstan.llm.config.GatewaySettings;
import dev.capstan.llm.price.PriceTable;
import dev.capstan.plan.Plan;
import dev.capstan.plan.ToolCatalog;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Puts a price tag on plans: by what bounds each agent, by the price table, and by what runs of the
 * same plan did cost before. Asks no model.
 */
public final class Estimator {
  private final AgentPricing pricing;
  private final Money usual;
  private final History history;

  /**
   * @param tools what agents may be offered, whose schemas are paid for too
   */
  public Estimator(
      GatewaySettings settings, PriceTable prices, ToolCatalog tools, History history) {
    this.pricing = new AgentPricing(settings, prices, tools);
    this.usual = settings.budgets().run();
    this.history = history;
  }

  /** What a run of this plan with these inputs, which fit it, will cost. May block. */
  public Estimate of(TenantId tenant, Plan plan, JsonNode inputs) {
    Summing summing = new Summing(pricing, name -> history.of(tenant, name), usual);
    Range all = summing.plan(plan, new KnownBefore(inputs), "");
    Money own = plan.header().costBudget();
    Money budget = own == null ? usual : own;
    List<Long> times =
        history.of(tenant, plan.header().name()).stream()
            .map(History.Past::millis)
            .sorted()
            .toList();
    Money most = all.most();
    return new Estimate(
        plan.header().name(),
        summing.steps(),
        all.least(),
        all.likely(),
        most == null ? budget : most,
        budget,
        times.isEmpty() ? null : times.get(times.size() / 2),
        summing.unknown());
  }
}
