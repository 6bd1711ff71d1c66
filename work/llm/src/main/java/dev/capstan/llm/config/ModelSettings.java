package dev.capstan.llm.config;

import dev.capstan.llm.stage.Retries;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model as callers name it, and where it is asked for.
 *
 * @param choices the primary first, then the fallbacks by priority
 * @param timeout of one attempt; null for the provider's
 * @param cacheLife zero for no cache
 */
public record ModelSettings(
    String name,
    List<Choice> choices,
    Retries retries,
    @Nullable Duration timeout,
    int defaultOutputTokens,
    int mostOutputTokens,
    Duration cacheLife,
    Duration patience) {
  /** A provider's model, by the vendor's name. */
  public record Choice(String provider, String model, int priority) {}

  public ModelSettings {
    choices = List.copyOf(choices);
  }
}
