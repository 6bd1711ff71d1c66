package dev.capstan.llm.stage;

import dev.capstan.kernel.Money;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Balance;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.budget.LedgerRow;
import dev.capstan.llm.budget.MemoryVault;
import dev.capstan.llm.budget.Settlement.How;
import dev.capstan.llm.budget.Standing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the vendors billed, call by call, and what they may still bill for calls under way. It looks
 * at the budgets whenever a vendor is asked and whenever one is done.
 */
final class Bills {
  /** What one attempt cost, and whether the one who asked was told so. */
  record Bill(Money billed, boolean told) {}

  private final MemoryVault vault;
  private final Map<Integer, List<Budget>> budgets = new HashMap<>();
  private final Map<Integer, List<Bill>> bills = new HashMap<>();
  private final Map<Account, Money> billed = new HashMap<>();
  private final Map<Account, Money> open = new HashMap<>();
  private String broken = "";

  Bills(MemoryVault vault) {
    this.vault = vault;
  }

  synchronized void opens(int call, List<Budget> against) {
    budgets.put(call, against);
    bills.put(call, new ArrayList<>());
  }

  /** A vendor is asked, and may bill so much. */
  synchronized void begins(int call, Money most) {
    for (Budget budget : budgets.get(call)) {
      open.merge(budget.account(), most, Money::plus);
    }
    look(call);
  }

  /** It billed. */
  synchronized void ends(int call, Money most, Bill bill) {
    for (Budget budget : budgets.get(call)) {
      open.merge(budget.account(), Money.ZERO.minus(most), Money::plus);
      billed.merge(budget.account(), bill.billed(), Money::plus);
    }
    bills.get(call).add(bill);
    look(call);
  }

  /**
   * A law that is broken within a call is told at the end: a vendor's thread has nobody to tell.
   */
  private void look(int call) {
    for (Budget budget : budgets.get(call)) {
      Account account = budget.account();
      if (spent(account).compareTo(budget.limit()) > 0) {
        broken = "billed and under way is within " + budget;
      }
      Balance there = vault.balances(List.of(account)).getOrDefault(account, Balance.NONE);
      if (there.settled().plus(there.held()).compareTo(budget.limit()) > 0) {
        broken = "settled and held is within " + budget;
      }
    }
  }

  private Money spent(Account account) {
    return of(account).plus(open.getOrDefault(account, Money.ZERO));
  }

  /**
   * Whether one more call would be within all budgets.
   *
   * @param standing what a call may have cost of which nobody told is charged whole, as is what a
   *     dead process held: that is the price of not knowing
   */
  synchronized boolean hasRoomFor(List<Standing> standing, Money most) {
    return standing.stream()
        .allMatch(one -> {
          Money taken = spent(one.budget().account()).max(one.settled());
          return most.plus(taken).compareTo(one.budget().limit()) <= 0;
        });
  }

  synchronized Money of(Account account) {
    return billed.getOrDefault(account, Money.ZERO);
  }

  synchronized long attempts() {
    return bills.values().stream().mapToLong(List::size).sum();
  }

  /** One call's rows beside its bills. */
  synchronized void check(int call, List<LedgerRow> rows, boolean died) {
    hold(broken.isEmpty(), broken, call);
    List<Bill> its = bills.get(call);
    Money known = sum(its.stream().filter(Bill::told).map(Bill::billed).toList());
    Money booked =
        sum(
            rows.stream()
                .filter(row -> row.settlement().how() == How.REPORTED)
                .map(row -> row.settlement().cost())
                .toList());
    Money all = sum(rows.stream().map(row -> row.settlement().cost()).toList());
    boolean within =
        rows.stream().allMatch(row -> row.settlement().cost().compareTo(row.claim().most()) <= 0);
    hold(within, "no row is dearer than what was reserved for it", call);
    if (!died) {
      hold(known.equals(booked), "booked " + booked + " is the bill " + known, call);
      hold(all.compareTo(sum(its.stream().map(Bill::billed).toList())) >= 0, "covered", call);
      hold(rows.size() <= its.size(), "no more rows than attempts", call);
    } else {
      hold(booked.compareTo(known) <= 0, "nothing is booked that was not billed", call);
    }
  }

  private static Money sum(List<Money> amounts) {
    return amounts.stream().reduce(Money.ZERO, Money::plus);
  }

  static void hold(boolean law, String what, Object whose) {
    if (!law) {
      throw new AssertionError("broken: " + what + ": " + whose);
    }
  }
}
