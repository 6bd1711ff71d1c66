package dev.capstan.llm.config;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Document;
import dev.capstan.kernel.document.Findings;
import dev.capstan.llm.config.GatewaySettings.Budgets;
import dev.capstan.llm.config.GatewaySettings.Read;
import dev.capstan.llm.price.Price;
import dev.capstan.llm.stage.Retries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads the configuration of the gateway, from a text of YAML or JSON and the environment. */
public final class GatewayReader {
  private static final List<String> FIELDS =
      List.of(
          "providers",
          "models",
          "tenants",
          "agents",
          "keys",
          "rate_limiting",
          "retry_policy",
          "budgets",
          "cache",
          "cost_tracking",
          // Other rooms' sections of the same file.
          "engine",
          "monitoring");
  private static final Money RUN = Money.dollars("100");
  private static final Money AGENT = Money.dollars("1");
  private static final long CACHE_BYTES = 64L << 20;

  private final Findings findings = new Findings();
  private final Values values = new Values(findings);
  private final Variables variables;
  private final Map<String, String> environment;

  private GatewayReader(Map<String, String> environment) {
    this.environment = environment;
    this.variables = new Variables(environment);
  }

  /** Reads everything and tells every mistake; never throws. A variable wins over the text. */
  public static Read read(String text, Map<String, String> environment) {
    GatewayReader reader = new GatewayReader(environment);
    Document document = Document.read(text, reader.findings);
    JsonNode root = document.root();
    GatewaySettings settings = reader.settings(root == null ? Json.object() : root);
    List<Mistake> mistakes = new ArrayList<>(reader.findings.mistakes(document.places()));
    mistakes.addAll(reader.variables.mistakes());
    return mistakes.isEmpty() ? new Read.Good(settings) : new Read.Bad(List.copyOf(mistakes));
  }

  private GatewaySettings settings(JsonNode root) {
    boolean _ = values.reading.object(root, At.ROOT, FIELDS);
    Rates usual =
        variables.rates(
            values.rates(root.get("rate_limiting"), At.ROOT.field("rate_limiting"), Rates.NONE));
    Retries retries =
        variables.retries(
            values.retries(
                root.get("retry_policy"), At.ROOT.field("retry_policy"), Retries.DEFAULT));
    Map<String, ProviderSettings> providers = providers(root, usual);
    JsonNode cache = section(root, "cache", List.of("ttl", "max_bytes"));
    At cacheAt = At.ROOT.field("cache");
    Duration life = values.duration(cache, "ttl", cacheAt, Duration.ZERO);
    return new GatewaySettings(
        providers,
        models(root, new ModelReader(values, named(root, "providers"), retries, life)),
        values.allowances(root.get("tenants"), At.ROOT.field("tenants")),
        values.allowances(root.get("agents"), At.ROOT.field("agents")),
        values.allowances(root.get("keys"), At.ROOT.field("keys")),
        budgets(section(root, "budgets", List.of("workflow", "agent", "alert_at"))),
        new GatewaySettings.Cache(
            values.number(cache.get("max_bytes"), cacheAt.field("max_bytes"), 0, CACHE_BYTES)),
        prices(section(root, "cost_tracking", List.of("model_costs"))));
  }

  private static java.util.Set<String> named(JsonNode root, String section) {
    java.util.Set<String> names = new java.util.TreeSet<>();
    JsonNode within = root.get(section);
    if (within != null && within.isObject()) {
      names.addAll(within.propertyNames());
    }
    return names;
  }

  private JsonNode section(JsonNode root, String name, List<String> fields) {
    JsonNode section = root.get(name);
    return section != null && values.reading.object(section, At.ROOT.field(name), fields)
        ? section
        : Json.object();
  }

  private Map<String, ProviderSettings> providers(JsonNode root, Rates usual) {
    ProviderReader reader = new ProviderReader(values, environment, usual);
    return whole(values.byName(root.get("providers"), At.ROOT.field("providers"), reader::read));
  }

  private Map<String, ModelSettings> models(JsonNode root, ModelReader reader) {
    return whole(values.byName(root.get("models"), At.ROOT.field("models"), reader::read));
  }

  private Map<String, Price> prices(JsonNode section) {
    At at = At.ROOT.field("cost_tracking").field("model_costs");
    return whole(values.byName(section.get("model_costs"), at, new CostReader(values)::read));
  }

  /** Those that could be read; the others are mistakes. */
  private static <T> Map<String, T> whole(Map<String, @Nullable T> read) {
    Map<String, T> whole = new LinkedHashMap<>();
    read.forEach((name, value) -> {
      if (value != null) {
        whole.put(name, Objects.requireNonNull(value));
      }
    });
    return whole;
  }

  private Budgets budgets(JsonNode section) {
    At at = At.ROOT.field("budgets");
    Money run = values.money(section.get("workflow"), at.field("workflow"));
    Money agent = values.money(section.get("agent"), at.field("agent"));
    return new Budgets(
        variables.money("DEFAULT_WORKFLOW_BUDGET", run == null ? RUN : run),
        variables.money("DEFAULT_AGENT_BUDGET", agent == null ? AGENT : agent),
        shares(section.get("alert_at"), at.field("alert_at")));
  }

  private List<Double> shares(@Nullable JsonNode list, At at) {
    if (list == null) {
      return List.of(0.8, 1.0);
    }
    if (!list.isArray()) {
      values.reading.wrong(list, at, "a list of shares such as [0.8, 1.0]");
      return List.of();
    }
    List<Double> shares = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      Double share = values.share(list.get(i), at.item(i));
      if (share != null) {
        shares.add(share);
      }
    }
    return shares.stream().sorted().distinct().toList();
  }
}
