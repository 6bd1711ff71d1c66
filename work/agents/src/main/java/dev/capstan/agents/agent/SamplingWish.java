package dev.capstan.agents.agent;

import dev.capstan.llm.chat.Sampling;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * How an agent's model chooses its words; what is absent is left to the vendor.
 *
 * @param temperature 0 to 2
 * @param topP 0 to 1
 */
record SamplingWish(
    @Nullable BigDecimal temperature, @Nullable BigDecimal topP, @Nullable Long seed) {
  private static final SamplingWish NONE = new SamplingWish(null, null, null);

  /** With at most so many tokens in an answer; the model's own bound when that is null. */
  static Sampling of(@Nullable SamplingWish wish, @Nullable Integer most) {
    SamplingWish wanted = wish == null ? NONE : wish;
    Sampling any = Sampling.DEFAULT;
    return new Sampling(
        most,
        within(wanted.temperature(), 2),
        within(wanted.topP(), 1),
        wanted.seed(),
        any.stop(),
        any.toolChoice(),
        any.parallelTools());
  }

  private static @Nullable Double within(@Nullable BigDecimal wanted, double most) {
    return wanted == null ? null : Math.clamp(wanted.doubleValue(), 0, most);
  }
}
