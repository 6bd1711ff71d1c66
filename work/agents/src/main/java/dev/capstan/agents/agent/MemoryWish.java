package dev.capstan.agents.agent;

import org.jspecify.annotations.Nullable;

/**
 * What an agent remembers.
 *
 * @param windowTokens how much of the conversation its model is shown at once, in tokens as they
 *     are estimated; 60,000 when absent. When more was said, notes stand for the oldest turns
 */
record MemoryWish(@Nullable Long windowTokens) {
  private static final long WINDOW = 60_000;
  private static final long LEAST_WINDOW = 200;

  static Window window(@Nullable MemoryWish wish) {
    Long wanted = wish == null ? null : wish.windowTokens();
    return new Window(wanted == null ? WINDOW : Math.max(LEAST_WINDOW, wanted));
  }
}
