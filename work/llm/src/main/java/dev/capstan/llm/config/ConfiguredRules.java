package dev.capstan.llm.config;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import dev.capstan.llm.Origin;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Account.Scope;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.limit.Limit;
import dev.capstan.llm.stage.Rules;
import dev.capstan.llm.stage.Target;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The limits and budgets that are configured. */
public final class ConfiguredRules implements Rules {
  private final GatewaySettings settings;

  public ConfiguredRules(GatewaySettings settings) {
    this.settings = settings;
  }

  @Override
  public List<Limit> limits(Origin origin, Target target) {
    List<Limit> limits = new ArrayList<>();
    String tenant = origin.tenant().value();
    limits.addAll(of(settings.tenants(), tenant).rates().limits("tenant " + tenant));
    if (!origin.key().isEmpty()) {
      limits.addAll(
          of(settings.keys(), origin.key()).rates().limits("key " + tenant + "/" + origin.key()));
    }
    if (!origin.agent().isEmpty()) {
      limits.addAll(
          of(settings.agents(), origin.agent())
              .rates()
              .limits("agent " + tenant + "/" + origin.agent()));
    }
    String provider = target.provider().name();
    limits.addAll(model(target).rates().limits("model " + provider + "/" + target.model()));
    limits.addAll(provider(target).rates().limits("provider " + provider));
    return limits;
  }

  @Override
  public List<Budget> budgets(Origin origin, Target target, Instant now) {
    LocalDate today = now.atOffset(ZoneOffset.UTC).toLocalDate();
    List<Budget> budgets = new ArrayList<>();
    RunId run = origin.run();
    if (run != null) {
      add(budgets, Scope.RUN, run.toString(), "", settings.budgets().run());
      if (!origin.agent().isEmpty()) {
        add(budgets, Scope.AGENT, run + "/" + origin.agent(), "", settings.budgets().agent());
      }
    }
    String tenant = origin.tenant().value();
    add(budgets, Scope.TENANT, tenant, of(settings.tenants(), tenant), today);
    if (!origin.key().isEmpty()) {
      Allowance key = of(settings.keys(), origin.key());
      add(budgets, Scope.KEY, tenant + "/" + origin.key(), key, today);
    }
    String provider = target.provider().name();
    add(budgets, Scope.MODEL, provider, provider(target), today);
    add(budgets, Scope.MODEL, provider + "/" + target.model(), model(target), today);
    return budgets;
  }

  private static void add(
      List<Budget> budgets, Scope scope, String id, Allowance allowance, LocalDate today) {
    Money perDay = allowance.perDay();
    if (perDay != null) {
      add(budgets, scope, id, today.toString(), perDay);
    }
    Money perMonth = allowance.perMonth();
    if (perMonth != null) {
      add(budgets, scope, id, today.toString().substring(0, 7), perMonth);
    }
  }

  private static void add(
      List<Budget> budgets, Scope scope, String id, String period, Money limit) {
    budgets.add(new Budget(new Account(scope, id, period), limit));
  }

  private static Allowance of(Map<String, Allowance> named, String name) {
    Allowance own = named.get(name);
    return own != null ? own : named.getOrDefault(GatewaySettings.DEFAULT, Allowance.NONE);
  }

  private Allowance provider(Target target) {
    ProviderSettings provider = settings.providers().get(target.provider().name());
    return provider == null ? Allowance.NONE : provider.allowance();
  }

  private Allowance model(Target target) {
    ProviderSettings provider = settings.providers().get(target.provider().name());
    return provider == null
        ? Allowance.NONE
        : provider.models().getOrDefault(target.model(), Allowance.NONE);
  }
}
