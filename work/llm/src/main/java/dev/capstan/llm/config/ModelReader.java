package dev.capstan.llm.config;

import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Spelling;
import dev.capstan.llm.config.ModelSettings.Choice;
import dev.capstan.llm.stage.Retries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one model: where it is asked for, and how. */
final class ModelReader {
  private static final List<String> FIELDS =
      List.of(
          "primary",
          "fallbacks",
          "retry_policy",
          "timeout",
          "default_output_tokens",
          "max_output_tokens",
          "cache_ttl",
          "patience");
  private static final List<String> CHOICE = List.of("provider", "model", "priority");
  private static final int MOST_TOKENS = 10_000_000;

  private final Values values;
  private final Set<String> providers;
  private final Retries retries;
  private final Duration cacheLife;

  ModelReader(Values values, Set<String> providers, Retries retries, Duration cacheLife) {
    this.values = values;
    this.providers = providers;
    this.retries = retries;
    this.cacheLife = cacheLife;
  }

  @Nullable ModelSettings read(JsonNode node, At at) {
    if (!values.reading.object(node, at, FIELDS)) {
      return null;
    }
    int most =
        values.reading.integer(
            node.get("max_output_tokens"), at.field("max_output_tokens"), 1, MOST_TOKENS, 8_192);
    int usual =
        values.reading.integer(
            node.get("default_output_tokens"),
            at.field("default_output_tokens"),
            1,
            MOST_TOKENS,
            Math.min(2_048, most));
    if (usual > most) {
      values.findings.add(
          at.field("default_output_tokens"), "this is more than max_output_tokens, " + most);
    }
    return new ModelSettings(
        String.valueOf(at.name()),
        choices(node, at),
        values.retries(node.get("retry_policy"), at.field("retry_policy"), retries),
        values.reading.positive(node.get("timeout"), at.field("timeout")),
        usual,
        most,
        values.duration(node, "cache_ttl", at, cacheLife),
        values.duration(node, "patience", at, Duration.ofSeconds(10)));
  }

  private List<Choice> choices(JsonNode node, At at) {
    List<Choice> choices = new ArrayList<>();
    JsonNode primary = node.get("primary");
    if (primary == null) {
      values.findings.add(at, "the model has no primary");
    } else {
      add(choices, primary, at.field("primary"), 0);
    }
    JsonNode fallbacks = node.get("fallbacks");
    if (fallbacks == null) {
      return choices;
    }
    if (!fallbacks.isArray()) {
      values.reading.wrong(fallbacks, at.field("fallbacks"), "a list of providers and models");
      return choices;
    }
    for (int i = 0; i < fallbacks.size(); i++) {
      add(choices, fallbacks.get(i), at.field("fallbacks").item(i), i + 1);
    }
    choices.sort(Comparator.comparingInt(Choice::priority));
    return choices;
  }

  private void add(List<Choice> choices, JsonNode node, At at, int place) {
    if (!values.reading.object(node, at, CHOICE)) {
      return;
    }
    String provider = values.reading.text(node.get("provider"), at.field("provider"));
    String model = values.reading.text(node.get("model"), at.field("model"));
    if (provider == null) {
      values.findings.add(at, "no provider is named here");
    } else if (!providers.contains(provider)) {
      values.findings.add(
          at.field("provider"),
          "there is no provider '" + provider + "'",
          Spelling.suggestion(provider, providers));
    }
    if (model == null || model.isBlank()) {
      values.findings.add(at, "no model is named here");
    }
    if (provider != null && model != null) {
      boolean primary = place == 0;
      int priority =
          values.reading.integer(
              node.get("priority"), at.field("priority"), primary ? 0 : 1, 1_000_000, place);
      Choice choice = new Choice(provider, model, primary ? 0 : priority);
      if (choices.stream().anyMatch(each -> isSame(each, choice))) {
        values.findings.add(at, provider + " " + model + " is asked already");
      }
      choices.add(choice);
    }
  }

  private static boolean isSame(Choice left, Choice right) {
    return left.provider().equals(right.provider()) && left.model().equals(right.model());
  }
}
