package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;

/** Where a budget stands. */
public record Standing(Budget budget, Money settled, Money reserved) {
  /** What may still be reserved; zero when a vendor billed beyond its word. */
  public Money left() {
    return budget.limit().minus(settled).minus(reserved).max(Money.ZERO);
  }
}
