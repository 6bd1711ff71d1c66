package dev.capstan.llm.config;

import dev.capstan.kernel.Breaker;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A provider as it is configured.
 *
 * @param baseUrl null for the vendor's own address
 * @param apiKeyEnv the environment variable that holds its key; empty for none. Never the key
 * @param source the script's file for {@code scripted}, the bean's name for {@code langchain4j},
 *     else empty
 * @param allowance of all that is asked there
 * @param models those with an allowance of their own, by the vendor's name
 */
public record ProviderSettings(
    String name,
    Type type,
    @Nullable URI baseUrl,
    String apiKeyEnv,
    String source,
    Duration timeout,
    Duration idleTimeout,
    Breaker.Rules breaker,
    Allowance allowance,
    Map<String, Allowance> models) {
  /** Whose protocol it speaks. */
  public enum Type {
    OPENAI,
    OPENAI_RESPONSES,
    ANTHROPIC,
    GEMINI,
    SCRIPTED,
    LANGCHAIN4J;

    /** Whether it is asked over the network with a key. */
    boolean isVendor() {
      return this != SCRIPTED && this != LANGCHAIN4J;
    }
  }

  public ProviderSettings {
    models = Map.copyOf(models);
  }
}
