package dev.capstan.agents.agent;

import org.jspecify.annotations.Nullable;

/**
 * What an agent remembers. Whoever names a group, recalls or remembers is offered the tools {@code
 * remember}, {@code recall} and {@code forget} besides.
 *
 * @param windowTokens how much of the conversation its model is shown at once, in tokens as they
 *     are estimated; 60,000 when absent. When more was said, notes stand for the oldest turns
 * @param group whose memories it shares; when absent its own, by its name
 * @param recall how many of the group's memories it is told with its task, 0 to 50; none when
 *     absent
 * @param remember whether its answer is remembered
 */
record MemoryWish(
    @Nullable Long windowTokens,
    @Nullable String group,
    @Nullable Integer recall,
    @Nullable Boolean remember) {
  private static final long WINDOW = 60_000;
  private static final long LEAST_WINDOW = 200;
  private static final int MOST_RECALLED = 50;

  static Window window(@Nullable MemoryWish wish) {
    Long wanted = wish == null ? null : wish.windowTokens();
    return new Window(wanted == null ? WINDOW : Math.max(LEAST_WINDOW, wanted));
  }

  /** How many memories come with the task. */
  int recalls() {
    return recall == null ? 0 : Math.clamp(recall, 0, MOST_RECALLED);
  }

  boolean remembers() {
    return Boolean.TRUE.equals(remember);
  }

  /** Whether it wants more than a window. */
  boolean isLasting() {
    return group != null || recalls() > 0 || remembers();
  }
}
