package dev.capstan.llm.config;

import dev.capstan.kernel.Breaker;
import dev.capstan.llm.config.ModelSettings.Choice;
import dev.capstan.llm.provider.ModelProvider;
import dev.capstan.llm.stage.Route;
import dev.capstan.llm.stage.Target;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes routes of what is configured. Routes to the same model of a provider share its breaker. */
public final class Routing {
  private record Place(String provider, String model) {}

  /** One breaker for each model, and one for each provider. */
  private static final class Healths {
    private final Map<String, Breaker> providers = new HashMap<>();
    private final Map<Place, Target.Health> models = new HashMap<>();

    Target.Health of(ProviderSettings provider, String model) {
      Breaker whole =
          providers.computeIfAbsent(provider.name(), _ -> new Breaker(provider.breaker()));
      return models.computeIfAbsent(
          new Place(provider.name(), model), _ -> new Target.Health(provider.breaker(), whole));
    }
  }

  private Routing() {}

  /**
   * The routes by the names that callers say.
   *
   * @param providers by name; there is one for each that is configured
   */
  public static Map<String, Route> routes(
      GatewaySettings settings, Map<String, ModelProvider> providers) {
    Healths healths = new Healths();
    Map<String, Route> routes = new LinkedHashMap<>();
    settings
        .models()
        .forEach((name, model) -> {
          List<Target> targets =
              model.choices().stream()
                  .map(choice -> target(settings, model, choice, providers, healths))
                  .toList();
          routes.put(
              name,
              new Route(
                  name,
                  targets,
                  model.retries(),
                  model.defaultOutputTokens(),
                  model.mostOutputTokens(),
                  model.cacheLife(),
                  model.patience()));
        });
    return routes;
  }

  private static Target target(
      GatewaySettings settings,
      ModelSettings model,
      Choice choice,
      Map<String, ModelProvider> providers,
      Healths healths) {
    ProviderSettings provider =
        Objects.requireNonNull(settings.providers().get(choice.provider()), choice.provider());
    Duration timeout = model.timeout() == null ? provider.timeout() : model.timeout();
    return new Target(
        Objects.requireNonNull(providers.get(choice.provider()), choice.provider()),
        choice.model(),
        timeout,
        provider.idleTimeout(),
        healths.of(provider, choice.model()));
  }
}
