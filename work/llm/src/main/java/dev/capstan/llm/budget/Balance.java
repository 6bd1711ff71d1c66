package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;

/**
 * Where an account stands in the store.
 *
 * @param settled what was spent, what dead processes may have spent included
 * @param held what living processes have drawn and neither spent nor given back
 */
public record Balance(Money settled, Money held) {
  public static final Balance NONE = new Balance(Money.ZERO, Money.ZERO);

  /** What may still be drawn under this limit; never below zero. */
  public Money left(Money limit) {
    return limit.minus(settled).minus(held).max(Money.ZERO);
  }
}
