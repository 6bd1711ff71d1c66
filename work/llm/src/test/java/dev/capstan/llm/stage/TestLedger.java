package dev.capstan.llm.stage;

import dev.capstan.kernel.Money;
import dev.capstan.llm.Patience;
import dev.capstan.llm.budget.Admission;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.budget.Claim;
import dev.capstan.llm.budget.Ledger;
import dev.capstan.llm.budget.Reservation;
import dev.capstan.llm.budget.Settlement;
import dev.capstan.llm.budget.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Grants what fits, waits for nobody, and keeps every line. */
final class TestLedger implements Ledger {
  record Line(Claim claim, Settlement settlement) {}

  final List<Line> lines = new ArrayList<>();

  /** What happens when somebody asks where budgets stand. */
  Runnable look = () -> {};

  private final Map<Long, Claim> open = new HashMap<>();
  private long next;

  @Override
  public synchronized Admission reserve(Claim claim, Patience patience) {
    for (Budget budget : claim.budgets()) {
      Standing standing = stands(budget);
      if (claim.most().compareTo(standing.left()) > 0) {
        return claim.most().compareTo(budget.limit().minus(standing.settled())) > 0
            ? new Admission.Refused(budget, standing.settled(), standing.reserved(), claim.most())
            : new Admission.GaveUp(budget, standing.settled(), standing.reserved(), claim.most());
      }
    }
    open.put(++next, claim);
    return new Admission.Reserved(new Reservation(next, claim));
  }

  @Override
  public synchronized void settle(Reservation reservation, Settlement settlement) {
    if (open.remove(reservation.id()) == null) {
      throw new IllegalStateException("settled twice");
    }
    lines.add(new Line(reservation.claim(), settlement));
  }

  @Override
  public List<Standing> standing(List<Budget> budgets) {
    look.run();
    return budgets.stream().map(this::stands).toList();
  }

  private synchronized Standing stands(Budget budget) {
    return new Standing(budget, settled(budget), reserved(budget));
  }

  private Money settled(Budget budget) {
    return lines.stream()
        .filter(line -> line.claim().budgets().contains(budget))
        .map(line -> line.settlement().cost())
        .reduce(Money.ZERO, Money::plus);
  }

  private Money reserved(Budget budget) {
    return open.values().stream()
        .filter(claim -> claim.budgets().contains(budget))
        .map(Claim::most)
        .reduce(Money.ZERO, Money::plus);
  }

  synchronized int open() {
    return open.size();
  }

  @Override
  public void close() {}
}
