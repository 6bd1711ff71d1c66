package dev.capstan.server.settings;

import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.Secret;
import dev.capstan.llm.config.GatewayReader;
import dev.capstan.llm.config.GatewaySettings;
import dev.capstan.llm.config.ProviderSettings;
import dev.capstan.llm.provider.scripted.ModelScript;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads which models there are: {@code CAPSTAN_CONFIG}, or {@code capstan.yaml} at home. */
final class ModelsReader {
  private static final int LARGEST = 1024 * 1024;

  /** Without a file there is one model, so that everything can be tried with no key. */
  private static final String DEMO =
      """
      providers:
        demo: {type: scripted}
      models:
        demo: {primary: {provider: demo, model: demo}}
      """;

  /** Stands where mistakes are, which stop the start. */
  private static final GatewaySettings NOTHING =
      new GatewaySettings(
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          Map.of(),
          new GatewaySettings.Budgets(Money.ZERO, Money.ZERO, List.of()),
          new GatewaySettings.Cache(0),
          Map.of());

  private final Map<String, String> environment;
  private final List<Mistake> mistakes;

  ModelsReader(Map<String, String> environment, List<Mistake> mistakes) {
    this.environment = environment;
    this.mistakes = mistakes;
  }

  Settings.Models read(@Nullable String configured, Path home) {
    Path file = home.resolve("capstan.yaml");
    if (configured != null) {
      try {
        file = Path.of(configured).toAbsolutePath();
      } catch (InvalidPathException broken) {
        mistakes.add(Mistake.at("CAPSTAN_CONFIG", "is no path: " + broken.getReason()));
        return models(DEMO, home);
      }
    } else if (!Files.exists(file)) {
      return models(DEMO, file);
    }
    String text = text(file);
    return models(text == null ? DEMO : text, file);
  }

  private @Nullable String text(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        mistakes.add(Mistake.at(file.toString(), "is no file"));
      } else if (Files.size(file) > LARGEST) {
        mistakes.add(Mistake.at(file.toString(), "is larger than " + LARGEST + " bytes"));
      } else {
        return Files.readString(file);
      }
    } catch (IOException unreadable) {
      mistakes.add(Mistake.at(file.toString(), "cannot be read: " + unreadable.getMessage()));
    }
    return null;
  }

  private Settings.Models models(String text, Path file) {
    return switch (GatewayReader.read(text, environment)) {
      case GatewaySettings.Read.Good good -> models(good.settings(), file);
      case GatewaySettings.Read.Bad bad -> {
        add(file, bad.mistakes());
        yield new Settings.Models(NOTHING, Map.of(), Map.of());
      }
    };
  }

  private void add(Path file, List<Mistake> found) {
    for (Mistake one : found) {
      mistakes.add(
          new Mistake(
              one.path().isEmpty() ? file.toString() : file + " " + one.path(),
              one.line(),
              one.column(),
              one.message(),
              one.suggestion()));
    }
  }

  private Settings.Models models(GatewaySettings settings, Path file) {
    Map<String, Secret> keys = new HashMap<>();
    Map<String, ModelScript> scripts = new HashMap<>();
    for (ProviderSettings provider : settings.providers().values()) {
      switch (provider.type()) {
        case SCRIPTED -> scripts.put(provider.name(), script(provider, file));
        case LANGCHAIN4J ->
            mistakes.add(
                Mistake.at(
                    file + " providers." + provider.name(),
                    "a bean is there only for a program that Capstan is a library of"));
        default ->
            keys.put(
                provider.apiKeyEnv(),
                Secret.of(environment.getOrDefault(provider.apiKeyEnv(), "")));
      }
    }
    return new Settings.Models(settings, keys, scripts);
  }

  private ModelScript script(ProviderSettings provider, Path file) {
    ModelScript echo = ModelScript.always("You said: {{user}}");
    if (provider.source().isEmpty()) {
      return echo;
    }
    Path script = file.resolveSibling(provider.source());
    String text = text(script);
    try {
      return text == null ? echo : ModelScript.read(text);
    } catch (Refusal refused) {
      add(script, refused.problem().mistakes());
      return echo;
    }
  }
}
