package dev.capstan.llm.price;

import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What a model costs, and how much it may say.
 *
 * @param model its name in the table
 * @param price of calls that are not long
 * @param longInput of calls with more input than this, {@code longPrice} is paid for every token
 * @param longPrice null when length makes no difference
 * @param defaultOutput the bound of output tokens when a caller sets none
 * @param mostOutput more than this is never asked for
 * @param tokenizer null where the vendor keeps its own to itself
 */
public record ModelPrice(
    String model,
    Price price,
    long longInput,
    @Nullable Price longPrice,
    int defaultOutput,
    int mostOutput,
    @Nullable Tokenizer tokenizer)
    implements Rate {

  /** The same price, of a model whose tokenizer another table knows. */
  ModelPrice withTokenizerOf(ModelPrice other) {
    return tokenizer != null
        ? this
        : new ModelPrice(
            model, price, longInput, longPrice, defaultOutput, mostOutput, other.tokenizer);
  }

  @Override
  public Money of(Usage usage) {
    return longPrice != null && usage.inputTokens() > longInput
        ? longPrice.of(usage)
        : price.of(usage);
  }

  @Override
  public Money atMost(long inputTokens, long outputTokens) {
    Money most = price.atMost(inputTokens, outputTokens);
    return longPrice != null && inputTokens > longInput
        ? most.max(longPrice.atMost(inputTokens, outputTokens))
        : most;
  }

  /**
   * The bound of output tokens to send for a caller who wants so many; null for one who says
   * nothing.
   */
  public int output(@Nullable Integer wanted) {
    return Math.clamp(wanted == null ? defaultOutput : wanted, 1, mostOutput);
  }
}
