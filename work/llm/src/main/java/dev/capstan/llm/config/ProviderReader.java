package dev.capstan.llm.config;

import dev.capstan.kernel.document.At;
import dev.capstan.llm.config.ProviderSettings.Param;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one provider. */
final class ProviderReader {
  private static final List<String> FIELDS =
      List.of(
          "type",
          "base_url",
          "api_key_env",
          "script",
          "bean",
          "timeout",
          "idle_timeout",
          "circuit_breaker",
          "drop_params",
          "rate_limiting",
          "budget",
          "models");
  private static final Map<ProviderSettings.Type, String> USUAL_KEYS =
      Map.of(
          ProviderSettings.Type.OPENAI, "OPENAI_API_KEY",
          ProviderSettings.Type.OPENAI_RESPONSES, "OPENAI_API_KEY",
          ProviderSettings.Type.ANTHROPIC, "ANTHROPIC_API_KEY",
          ProviderSettings.Type.GEMINI, "GEMINI_API_KEY");

  private final Values values;
  private final Map<String, String> environment;
  private final Rates usual;

  ProviderReader(Values values, Map<String, String> environment, Rates usual) {
    this.values = values;
    this.environment = environment;
    this.usual = usual;
  }

  @Nullable ProviderSettings read(JsonNode node, At at) {
    if (!isProvider(node, at)) {
      return null;
    }
    if (node.get("type") == null) {
      values.findings.add(at, "the provider has no type");
    }
    ProviderSettings.Type type =
        values.reading.oneOf(
            node.get("type"),
            at.field("type"),
            ProviderSettings.Type.SCRIPTED,
            ProviderSettings.Type.class);
    URI baseUrl = address(node.get("base_url"), at.field("base_url"));
    return new ProviderSettings(
        String.valueOf(at.name()),
        type,
        baseUrl,
        key(node, at, type, baseUrl),
        source(node, at, type),
        values.positive(node, "timeout", at, Duration.ofSeconds(60)),
        values.positive(node, "idle_timeout", at, Duration.ofSeconds(30)),
        values.breaker(node.get("circuit_breaker"), at.field("circuit_breaker")),
        dropped(node.get("drop_params"), at.field("drop_params"), type),
        values.allowance(node, at, usual),
        values.allowances(node.get("models"), at.field("models")));
  }

  private Set<Param> dropped(@Nullable JsonNode list, At at, ProviderSettings.Type type) {
    if (list == null) {
      return Set.of();
    }
    if (!list.isArray()) {
      values.reading.wrong(list, at, "a list such as [temperature, seed]");
      return Set.of();
    }
    if (!type.isOpenAis()) {
      values.findings.addKey(
          at, "only providers of type openai and openai_responses drop any", Optional.empty());
    }
    Set<Param> dropped = EnumSet.noneOf(Param.class);
    for (int i = 0; i < list.size(); i++) {
      dropped.add(values.reading.oneOf(list.get(i), at.item(i), Param.SEED, Param.class));
    }
    return dropped;
  }

  /** A key in the file is told before all else, and never shown. */
  private boolean isProvider(JsonNode node, At at) {
    if (!node.isObject()) {
      values.reading.wrong(node, at, "an object with fields");
      return false;
    }
    for (String name : List.of("api_key", "key", "apikey", "token")) {
      if (node.has(name)) {
        values.findings.addKey(
            at.field(name),
            "a key does not belong in a file",
            Optional.of("put it into an environment variable and name that: api_key_env: …"));
      }
    }
    List<String> known = new java.util.ArrayList<>(FIELDS);
    known.addAll(List.of("api_key", "key", "apikey", "token"));
    boolean object = values.reading.object(node, at, known);
    return object;
  }

  private String key(JsonNode node, At at, ProviderSettings.Type type, @Nullable URI baseUrl) {
    String name = values.reading.text(node.get("api_key_env"), at.field("api_key_env"));
    if (name != null) {
      if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
        // It may be the key itself, so it is not shown.
        values.findings.add(
            at.field("api_key_env"), "this should be the name of an environment variable");
        return "";
      }
      if (environment.getOrDefault(name, "").isBlank()) {
        values.findings.add(
            at.field("api_key_env"), "the environment variable " + name + " is not set");
      }
      return name;
    }
    String usualKey = USUAL_KEYS.getOrDefault(type, "");
    boolean set = !environment.getOrDefault(usualKey, "").isBlank();
    if (type.isVendor() && baseUrl == null && !set) {
      values.findings.add(
          at,
          "the provider has no key",
          Optional.of("write api_key_env: " + usualKey + " and set that variable"));
    }
    // The vendor's usual key is not sent to somebody else's address.
    return baseUrl == null && type.isVendor() ? usualKey : "";
  }

  private String source(JsonNode node, At at, ProviderSettings.Type type) {
    String wanted =
        switch (type) {
          case SCRIPTED -> "script";
          case LANGCHAIN4J -> "bean";
          default -> "";
        };
    for (String name : List.of("script", "bean")) {
      if (node.has(name) && !name.equals(wanted)) {
        values.findings.addKey(
            at.field(name),
            "a provider of type "
                + type.name().toLowerCase(java.util.Locale.ROOT)
                + " has no "
                + name,
            Optional.empty());
      }
    }
    if (wanted.isEmpty()) {
      return "";
    }
    String source = values.reading.text(node.get(wanted), at.field(wanted));
    if (source == null && type == ProviderSettings.Type.LANGCHAIN4J) {
      values.findings.add(at, "the provider has no bean");
    }
    return source == null ? "" : source;
  }

  private @Nullable URI address(@Nullable JsonNode value, At at) {
    String text = values.reading.text(value, at);
    if (text == null) {
      return null;
    }
    try {
      URI uri = URI.create(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (IllegalArgumentException noAddress) {
      // Told below, like any other address that leads nowhere.
    }
    values.findings.add(
        at,
        "this is no address of a server",
        Optional.of("write one such as http://localhost:11434/v1, with no name and password"));
    return null;
  }
}
