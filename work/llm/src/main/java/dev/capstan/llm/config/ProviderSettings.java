package dev.capstan.llm.config;

import dev.capstan.kernel.Breaker;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A provider as it is configured.
 *
 * @param baseUrl null for the vendor's own address
 * @param apiKeyEnv the environment variable that holds its key; empty for none. Never the key
 * @param source the script's file for {@code scripted}, the bean's name for {@code langchain4j},
 *     else empty
 * @param dropped what its server does not take of a request, and is not told
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
    Set<Param> dropped,
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

    boolean isOpenAis() {
      return this == OPENAI || this == OPENAI_RESPONSES;
    }
  }

  /** What a call does without, where a server refuses it. */
  public enum Param {
    STREAM_OPTIONS,
    SEED,
    TEMPERATURE,
    TOP_P,
    STOP,
    PARALLEL_TOOL_CALLS,
    TOOL_CHOICE,
    RESPONSE_FORMAT
  }

  public ProviderSettings {
    dropped = Set.copyOf(dropped);
    models = Map.copyOf(models);
  }
}
