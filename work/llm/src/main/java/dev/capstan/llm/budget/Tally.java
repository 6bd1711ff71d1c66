package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Decides a batch, for every kind of vault alike: given where its accounts stand, what is granted,
 * and where they stand after.
 */
public final class Tally {
  /** An allowance of several calls is at most this part of what is left, halved six times over. */
  private static final int SMALL = 6;

  private final Map<Account, Balance> balances;
  private final Map<Account, Money> held = new HashMap<>();
  private final Receipt receipt;

  private Tally(Map<Account, Balance> before, Batch batch) {
    this.balances = new HashMap<>(before);
    batch.movements().forEach(this::move);
    Set<Account> closed = new HashSet<>();
    List<Receipt.Verdict> verdicts = new ArrayList<>(batch.draws().size());
    for (Batch.Draw draw : batch.draws()) {
      verdicts.add(draw(draw, closed));
    }
    this.receipt = new Receipt(verdicts, balances);
  }

  /**
   * @param before of every account that the batch names; one that is missing has never been used
   */
  public static Tally of(Map<Account, Balance> before, Batch batch) {
    return new Tally(before, batch);
  }

  /** Every account that the batch names. */
  public static Set<Account> accounts(Batch batch) {
    Set<Account> named = new HashSet<>();
    batch.movements().forEach(movement -> named.add(movement.account()));
    for (Batch.Draw draw : batch.draws()) {
      draw.wishes().forEach(wish -> named.add(wish.budget().account()));
    }
    return named;
  }

  /** The part of what is left that one draw may take beyond its need. */
  static Money small(Money left) {
    return new Money(left.pico() >> SMALL);
  }

  private void move(Batch.Movement movement) {
    Balance before = balance(movement.account());
    balances.put(
        movement.account(),
        new Balance(
            before.settled().plus(movement.spent()), before.held().minus(movement.released())));
    held.merge(movement.account(), Money.ZERO.minus(movement.released()), Money::plus);
  }

  /** Whoever asks for an account after someone who did not fit waits behind that one. */
  private Receipt.Verdict draw(Batch.Draw draw, Set<Account> closed) {
    boolean fits = true;
    for (Batch.Wish wish : draw.wishes()) {
      Budget budget = wish.budget();
      boolean enough = wish.need().compareTo(balance(budget.account()).left(budget.limit())) <= 0;
      if (!enough || closed.contains(budget.account())) {
        closed.add(budget.account());
        fits = false;
      }
    }
    if (!fits) {
      return new Receipt.Verdict.Declined();
    }
    return new Receipt.Verdict.Granted(draw.wishes().stream().map(this::grant).toList());
  }

  private Money grant(Batch.Wish wish) {
    Account account = wish.budget().account();
    Balance before = balance(account);
    Money amount = wish.need().max(wish.want().min(small(before.left(wish.budget().limit()))));
    balances.put(account, new Balance(before.settled(), before.held().plus(amount)));
    held.merge(account, amount, Money::plus);
    return amount;
  }

  private Balance balance(Account account) {
    return balances.getOrDefault(account, Balance.NONE);
  }

  public Receipt receipt() {
    return receipt;
  }

  /** By how much the owner's hold on each account changes; may be negative. */
  public Map<Account, Money> heldChanges() {
    return Map.copyOf(held);
  }

  /** What the batch's rows cost each account. */
  public static Map<Account, Money> spent(Batch batch) {
    Map<Account, Money> spent = new HashMap<>();
    batch
        .movements()
        .forEach(movement -> spent.merge(movement.account(), movement.spent(), Money::plus));
    return spent;
  }
}
