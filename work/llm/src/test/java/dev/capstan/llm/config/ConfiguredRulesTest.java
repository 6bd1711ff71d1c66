package dev.capstan.llm.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.llm.Origin;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.config.GatewaySettings.Read;
import dev.capstan.llm.limit.Limit;
import dev.capstan.llm.provider.Fault;
import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.ModelProvider;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.Reply;
import dev.capstan.llm.stage.Route;
import dev.capstan.llm.stage.Target;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfiguredRulesTest {
  private static final String TEXT =
      """
      providers:
        main:
          type: scripted
          script: a.yaml
          rate_limiting: {requests_per_minute: 60}
          budget: {per_day: 50}
          models: {large: {rate_limiting: {concurrent_requests: 5}, budget: {per_month: 10}}}
      models:
        smart: {primary: {provider: main, model: large}}
        also: {primary: {provider: main, model: large}}
      tenants:
        default: {rate_limiting: {tokens_per_minute: 1000}, budget: {per_day: 10, per_month: 100}}
        acme: {budget: {per_day: 1000}}
      agents: {researcher: {rate_limiting: {requests_per_hour: 6}}}
      """;

  private record Silent(String name, String dialect) implements ModelProvider {
    @Override
    public Reply call(ProviderCall call, dev.capstan.llm.chat.DeltaSink sink) {
      return new Reply.Faulted(Fault.of(FaultKind.UNREACHABLE, "nobody"));
    }
  }

  private final GatewaySettings settings =
      ((Read.Good) GatewayReader.read(TEXT, Map.of())).settings();
  private final Map<String, Route> routes =
      Routing.routes(settings, Map.of("main", new Silent("main", "scripted")));
  private final Target target = routes.get("smart").targets().getFirst();
  private final ConfiguredRules rules = new ConfiguredRules(settings);

  @Test
  void limits_come_from_tenant_agent_model_and_provider() {
    Origin origin = new Origin(new TenantId("globex"), null, "", "researcher", "");
    assertThat(rules.limits(origin, target))
        .extracting(Limit::toString)
        .containsExactly(
            "tenant globex: tokens per PT1M",
            "agent globex/researcher: requests per PT1H",
            "model main/large: concurrent",
            "provider main: requests per PT1M");
  }

  @Test
  void budgets_are_of_the_run_the_agent_the_tenant_and_the_model_by_day_and_month() {
    Origin origin = new Origin(new TenantId("globex"), new RunId(77), "s", "researcher", "");
    String run = new RunId(77).toString();
    assertThat(rules.budgets(origin, target, Instant.parse("2026-11-21T23:59:59Z")))
        .extracting(Budget::toString)
        .hasSize(6);
    assertThat(rules.budgets(origin, target, Instant.parse("2026-11-21T23:59:59Z")))
        .extracting(budget -> budget.account() + " " + budget.limit())
        .isEqualTo(
            List.of(
                "run " + run + " 100",
                "agent " + run + "/researcher 1",
                "tenant globex (2026-11-21) 10",
                "tenant globex (2026-11) 100",
                "model main (2026-11-21) 50",
                "model main/large (2026-11) 10"));
  }

  @Test
  void a_tenant_that_is_named_has_its_own_and_not_the_default() {
    Origin acme = Origin.of(new TenantId("acme"));
    assertThat(rules.limits(acme, target)).noneMatch(limit -> limit.key().startsWith("tenant"));
    assertThat(rules.budgets(acme, target, Instant.EPOCH).getFirst().limit().toString())
        .isEqualTo("1000");
  }

  @Test
  void routes_to_the_same_model_share_what_is_known_of_its_health() {
    assertThat(routes.get("also").targets().getFirst().health()).isSameAs(target.health());
  }
}
