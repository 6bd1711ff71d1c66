package dev.capstan.server.settings;

import dev.capstan.agents.memory.Ranking;
import dev.capstan.engine.EngineLimits;
import dev.capstan.kernel.Secret;
import dev.capstan.llm.config.GatewaySettings;
import dev.capstan.llm.config.ModelSettings;
import dev.capstan.llm.config.ProviderSettings;
import dev.capstan.llm.provider.scripted.ModelScript;
import dev.capstan.plan.RetryPolicy;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set, read once and checked whole. The environment beats {@code
 * config.yaml} in the home folder, which beats the defaults.
 *
 * @param home the folder of data, logs and {@code server.json}
 * @param database a PostgreSQL's address, {@code memory} for runs that may be lost, or null for the
 *     embedded PostgreSQL
 * @param retention how long runs are kept, a day or more; null for ever
 * @param crews the folder of the agents and crews that are offered as models; it need not be there
 * @param retry how steps are retried whose plan does not say; null leaves plans as they are
 */
public record Settings(
    Path home,
    Door door,
    @Nullable String database,
    @Nullable Duration retention,
    Work work,
    @Nullable RetryPolicy retry,
    Monitoring monitoring,
    Outside outside,
    Remembering remembering,
    Models models,
    Planning planning,
    Path crews) {
  /**
   * Where the server listens.
   *
   * @param port 0 for any free one
   * @param bind a loopback address
   */
  public record Door(int port, InetAddress bind) {}

  /** How much is done at once. */
  public record Work(int maxConcurrentRuns, int maxConcurrentSteps, int maxQueuedRuns) {
    public EngineLimits limits() {
      return new EngineLimits(maxConcurrentRuns, maxConcurrentSteps, maxQueuedRuns, _ -> 1);
    }
  }

  /**
   * Which hosts the tool {@code http} may ask, as {@link dev.capstan.tools.http.HttpRules} reads
   * them.
   *
   * @param allow public hosts
   * @param allowPrivate hosts inside, by name and port
   */
  public record Outside(String allow, String allowPrivate) {}

  /**
   * What agents remember.
   *
   * @param chroma the server that keeps it; null for the home folder
   */
  public record Remembering(@Nullable URI chroma, Ranking ranking) {}

  /**
   * What is told about the work.
   *
   * @param logLevel {@code TRACE} to {@code ERROR}, or {@code OFF}
   * @param traces who takes spans, by OTLP over HTTP; null for nobody
   */
  public record Monitoring(String logLevel, boolean metrics, @Nullable URI traces) {}

  /**
   * Which models there are, and how they are asked.
   *
   * @param keys of providers that want one, by the environment variable that it stands in
   * @param scripts of scripted providers, by the provider's name
   */
  public record Models(
      GatewaySettings gateway, Map<String, Secret> keys, Map<String, ModelScript> scripts) {
    public Models {
      keys = Map.copyOf(keys);
      scripts = Map.copyOf(scripts);
    }

    /**
     * The model that makes plans when nobody says which: the one called {@code planner}, else
     * {@code default}, else the only one. One that only says a person's words again makes none.
     */
    @Nullable String planner() {
      List<String> able =
          gateway.models().values().stream()
              .filter(model -> !isEcho(model))
              .map(ModelSettings::name)
              .toList();
      return Stream.of("planner", "default")
          .filter(able::contains)
          .findFirst()
          .orElse(able.size() == 1 ? able.getFirst() : null);
    }

    private boolean isEcho(ModelSettings model) {
      return model.choices().stream()
          .map(choice -> gateway.providers().get(choice.provider()))
          .allMatch(provider ->
              provider != null
                  && provider.type() == ProviderSettings.Type.SCRIPTED
                  && provider.source().isEmpty());
    }
  }

  /**
   * Who makes plans of prompts.
   *
   * @param model the one that is asked for plans, by the gateway's name; null when there is none
   */
  public record Planning(Order order, @Nullable String model) {
    /** Whom a prompt is shown first: patterns, patterns alone, or the model. */
    public enum Order {
      AUTO,
      PATTERN,
      MODEL
    }
  }

  /**
   * Reads the environment and {@code config.yaml}. Throws a {@link dev.capstan.kernel.Refusal} of
   * {@code invalid_request} with every mistake.
   */
  public static Settings read(Map<String, String> environment) {
    return new SettingsReader(environment).read();
  }

  public boolean isMemory() {
    return "memory".equals(database);
  }
}
