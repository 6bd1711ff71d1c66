package dev.capstan.server.settings;

import dev.capstan.engine.EngineLimits;
import dev.capstan.kernel.Secret;
import dev.capstan.llm.config.GatewaySettings;
import dev.capstan.llm.provider.scripted.ModelScript;
import dev.capstan.plan.RetryPolicy;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can be set, read once and checked whole. The environment beats {@code
 * config.yaml} in the home folder, which beats the defaults.
 *
 * @param home the folder of data, logs and {@code server.json}
 * @param database a PostgreSQL's address, {@code memory} for runs that may be lost, or null for the
 *     embedded PostgreSQL
 * @param retention how long runs are kept, a day or more; null for ever
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
    Models models) {
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
