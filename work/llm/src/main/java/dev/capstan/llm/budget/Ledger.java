package dev.capstan.llm.budget;

import dev.capstan.llm.Patience;
import java.util.List;

/**
 * Whose budget holds what. For every budget, at every instant, over all processes on one store and
 * after any crash: settled + reserved ≤ limit, but for what a vendor billed beyond its word.
 *
 * <p>Its rows are the truth about money; a row is durable soon after its settlement, and until then
 * the reservation is, so that a crash may charge too much and never too little.
 */
public interface Ledger extends AutoCloseable {
  /**
   * Reserves in every budget of the claim or in none. A claim that does not fit now but would once
   * others settle waits its turn, in order of arrival within its budgets, as long as {@code
   * patience} lasts. Throws a {@link dev.capstan.kernel.Refusal} of {@code unavailable} when the
   * store is away: nothing is spent unrecorded.
   */
  Admission reserve(Claim claim, Patience patience) throws InterruptedException;

  /** Books what it cost and gives back the rest. Never blocks for long, and never fails. */
  void settle(Reservation reservation, Settlement settlement);

  /** What is settled and reserved in these budgets now. */
  List<Standing> standing(List<Budget> budgets);

  /** Settles what it can and returns what it holds. Blocks. */
  @Override
  void close();
}
