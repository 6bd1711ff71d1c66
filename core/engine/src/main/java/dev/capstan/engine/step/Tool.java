package dev.capstan.engine.step;

import dev.capstan.plan.ToolSpec;

/**
 * Something that a step may call. Stateless as far as the engine is concerned, and called from many
 * threads at once.
 */
public interface Tool {
  ToolSpec spec();

  /**
   * Does the work, on a virtual thread of its own that is interrupted when the step times out or is
   * cancelled. An expected end is an {@link Outcome}; a {@link dev.capstan.kernel.Refusal} counts
   * as {@link Outcome.Failed}; any other exception is a defect and fails the attempt with {@code
   * tool_failed}.
   */
  Outcome call(ToolCall call) throws InterruptedException;

  /**
   * Whether it keeps a breaker for each of those it asks, as a gateway does: then one of them that
   * fails is no reason to refuse calls that go to another, and the engine keeps none for it.
   */
  default boolean keepsBreakers() {
    return false;
  }
}
