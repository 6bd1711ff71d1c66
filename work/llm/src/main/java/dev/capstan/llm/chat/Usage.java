package dev.capstan.llm.chat;

/**
 * How many tokens a call used, the same way for every vendor.
 *
 * @param inputTokens all that went in, cached ones and those written to a cache included
 * @param cachedInputTokens of these, how many the vendor read from its cache
 * @param cacheWriteTokens of these, how many it wrote to its cache
 * @param outputTokens all that came out and is billed, reasoning included
 * @param reasoningTokens of these, how many nobody sees
 * @param reported whether the vendor said so; otherwise we counted, never too low
 */
public record Usage(
    long inputTokens,
    long cachedInputTokens,
    long cacheWriteTokens,
    long outputTokens,
    long reasoningTokens,
    boolean reported) {
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0, true);

  public long totalTokens() {
    return inputTokens + outputTokens;
  }

  /** The same where no more than so many tokens can have gone in. */
  public Usage withInputAtMost(long most) {
    return inputTokens <= most
        ? this
        : new Usage(
            most,
            Math.min(cachedInputTokens, most),
            Math.min(cacheWriteTokens, most),
            outputTokens,
            reasoningTokens,
            reported);
  }
}
