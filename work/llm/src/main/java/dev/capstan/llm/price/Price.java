package dev.capstan.llm.price;

import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.Usage;
import java.time.LocalDate;

/**
 * What a model's tokens cost, each.
 *
 * @param input per token that goes in
 * @param cachedInput per token that the vendor reads from its cache
 * @param cacheWrite per token that it writes there
 * @param output per token that comes out
 * @param source where the price was read
 * @param asOf when
 */
public record Price(
    Money input, Money cachedInput, Money cacheWrite, Money output, String source, LocalDate asOf)
    implements Rate {
  @Override
  public Money of(Usage usage) {
    long plain = usage.inputTokens() - usage.cachedInputTokens() - usage.cacheWriteTokens();
    return input
        .times(Math.max(0, plain))
        .plus(cachedInput.times(usage.cachedInputTokens()))
        .plus(cacheWrite.times(usage.cacheWriteTokens()))
        .plus(output.times(usage.outputTokens()));
  }

  @Override
  public Money atMost(long inputTokens, long outputTokens) {
    return input
        .max(cachedInput)
        .max(cacheWrite)
        .times(inputTokens)
        .plus(output.times(outputTokens));
  }
}
