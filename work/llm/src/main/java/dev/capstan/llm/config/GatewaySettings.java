package dev.capstan.llm.config;

import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Money;
import dev.capstan.llm.price.Price;
import java.util.List;
import java.util.Map;

/**
 * Everything that is configured about models.
 *
 * @param tenants by name; {@code default} is for those who are not named
 * @param agents by the name they have in their run; {@code default} is for the others
 * @param keys by the API key's name; {@code default} is for the others
 * @param prices those that are written here, by the vendor's name of the model
 */
public record GatewaySettings(
    Map<String, ProviderSettings> providers,
    Map<String, ModelSettings> models,
    Map<String, Allowance> tenants,
    Map<String, Allowance> agents,
    Map<String, Allowance> keys,
    Budgets budgets,
    Cache cache,
    Map<String, Price> prices) {
  /** Whose allowance it is when nobody is named. */
  public static final String DEFAULT = "default";

  /**
   * Budgets that hold unless somebody sets another.
   *
   * @param run of a whole run, {@code DEFAULT_WORKFLOW_BUDGET}
   * @param agent of an agent within its run, {@code DEFAULT_AGENT_BUDGET}
   * @param alertAt the shares of a budget, ascending within (0, 1], whose passing is an event
   */
  public record Budgets(Money run, Money agent, List<Double> alertAt) {
    public Budgets {
      alertAt = List.copyOf(alertAt);
    }
  }

  /** How much the cache may hold. */
  public record Cache(long mostBytes) {}

  /** What came of reading: settings, or every mistake in them. */
  public sealed interface Read {
    record Good(GatewaySettings settings) implements Read {}

    record Bad(List<Mistake> mistakes) implements Read {}
  }

  public GatewaySettings {
    providers = Map.copyOf(providers);
    models = Map.copyOf(models);
    tenants = Map.copyOf(tenants);
    agents = Map.copyOf(agents);
    keys = Map.copyOf(keys);
    prices = Map.copyOf(prices);
  }
}
