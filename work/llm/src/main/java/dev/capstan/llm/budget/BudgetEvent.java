package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;

/** What people want to hear of budgets. */
public sealed interface BudgetEvent {
  /**
   * More than this share of a budget is spent; told once in all processes, by the one whose rows
   * passed it.
   */
  record ThresholdPassed(Budget budget, int percent, Money settled) implements BudgetEvent {}

  /** A vendor billed beyond its word: its model's bound is to be raised. */
  record Overbilled(Claim claim, Money cost) implements BudgetEvent {}

  /** A process died, and what it held is charged. */
  record OwnerLost(Vault.Loss loss) implements BudgetEvent {}

  /** The store does not answer: nothing more is drawn, and rows wait to be written. */
  record StoreAway(String reason) implements BudgetEvent {}

  /** The store answers again. */
  record StoreBack() implements BudgetEvent {}

  /** Whoever wants to hear; called from the ledger's own thread, and soon to return. */
  @FunctionalInterface
  interface Listener {
    Listener NOBODY = event -> {};

    void heard(BudgetEvent event);
  }
}
