package dev.capstan.llm.price;

import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.Usage;

/** How tokens become money. */
public interface Rate {
  /** What this usage costs, exactly. */
  Money of(Usage usage);

  /** The most that so many tokens can cost, wherever the vendor keeps them. */
  Money atMost(long inputTokens, long outputTokens);
}
