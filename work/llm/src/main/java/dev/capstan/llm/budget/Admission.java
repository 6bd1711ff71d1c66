package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;

/** The answer to a {@link Claim}. */
public sealed interface Admission {
  /** It may be spent; settle it exactly once. */
  record Reserved(Reservation reservation) implements Admission {}

  /**
   * It does not fit, and would not if all that is under way settled at nothing.
   *
   * @param budget the first that it does not fit
   * @param settled what was spent from it
   * @param reserved what others hold of it at the moment
   */
  record Refused(Budget budget, Money settled, Money reserved, Money asked) implements Admission {}

  /** It would have fitted once others settled, and they did not in time. */
  record GaveUp(Budget budget, Money settled, Money reserved, Money asked) implements Admission {}
}
