package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.Usage;

/**
 * How much a reserved attempt did cost.
 *
 * @param cost may exceed what was reserved when the vendor broke its word: it is booked in full
 * @param how what the figure rests on
 */
public record Settlement(Usage usage, Money cost, How how) {
  /** What a cost rests on. */
  public enum How {
    /** The vendor's own count. */
    REPORTED,
    /** Our count of what was received before the answer broke off. */
    RECEIVED,
    /** Nobody knows whether the vendor billed: the bound is charged. */
    UNKNOWN,
    /** Nothing was billed: it was not sent, or refused. */
    NOTHING
  }

  public static final Settlement FREE = new Settlement(Usage.NONE, Money.ZERO, How.NOTHING);
}
