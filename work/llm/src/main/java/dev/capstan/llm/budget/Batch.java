package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;
import java.util.List;

/**
 * Everything that a process wants of its {@link Vault} at one moment, done in one transaction:
 * first what was spent and is given back, then the draws, in order.
 *
 * @param owner the process, by a number of its own
 * @param seq one more than that of the batch before; a batch that may have been written is written
 *     again under the same number, and counts once
 */
public record Batch(
    long owner, long seq, List<Movement> movements, List<LedgerRow> rows, List<Draw> draws) {
  public Batch {
    movements = List.copyOf(movements);
    rows = List.copyOf(rows);
    draws = List.copyOf(draws);
  }

  boolean isEmpty() {
    return movements.isEmpty() && rows.isEmpty() && draws.isEmpty();
  }

  /**
   * What left a process's hold on an account.
   *
   * @param spent what its rows cost; becomes settled
   * @param released by how much the hold shrinks: what was spent of it and what is given back
   */
  public record Movement(Account account, Money spent, Money released) {}

  /** A wish for money, granted in all of its accounts or in none. */
  public record Draw(List<Wish> wishes) {
    public Draw {
      wishes = List.copyOf(wishes);
    }
  }

  /**
   * @param need without this much the draw is of no use
   * @param want as much as would be taken, where there is plenty; at least {@code need}
   */
  public record Wish(Budget budget, Money need, Money want) {}
}
