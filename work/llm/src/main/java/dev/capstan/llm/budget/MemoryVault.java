package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A vault that forgets everything with its process; several ledgers may share one, as if they were
 * processes on one database.
 */
public final class MemoryVault implements Vault {
  private final InstantSource clock;
  private final Duration lease;
  private final Map<Account, Balance> balances = new HashMap<>();
  private final Map<Long, Owner> owners = new TreeMap<>();
  private final List<LedgerRow> rows = new ArrayList<>();

  /** A process, as the vault knows it. */
  private static final class Owner {
    long seq;
    @Nullable Receipt receipt;
    Instant expires = Instant.MIN;
    final Map<Account, Money> held = new HashMap<>();
    final Map<Account, Money> lost = new HashMap<>();
  }

  public MemoryVault(InstantSource clock, Duration lease) {
    this.clock = clock;
    this.lease = lease;
  }

  @Override
  public synchronized Receipt write(Batch batch) {
    Owner owner = owners.computeIfAbsent(batch.owner(), number -> new Owner());
    owner.expires = clock.instant().plus(lease);
    if (owner.receipt != null && batch.seq() == owner.seq) {
      return owner.receipt;
    }
    takeBack(owner);
    Tally tally = Tally.of(balances(Tally.accounts(batch)), batch);
    tally.heldChanges().forEach((account, change) -> hold(owner, account, change));
    balances.putAll(tally.receipt().balances());
    rows.addAll(batch.rows());
    owner.seq = batch.seq();
    owner.receipt = tally.receipt();
    return tally.receipt();
  }

  private static void hold(Owner owner, Account account, Money change) {
    owner.held.merge(account, change, Money::plus);
    owner.held.remove(account, Money.ZERO);
  }

  /** It was thought dead and lives: what was charged for that is on hold again. */
  private void takeBack(Owner owner) {
    owner.lost.forEach((account, amount) -> {
      hold(owner, account, amount);
      Balance before = balance(account);
      balances.put(
          account, new Balance(before.settled().minus(amount), before.held().plus(amount)));
    });
    owner.lost.clear();
  }

  @Override
  public synchronized List<Loss> reap() {
    List<Loss> losses = new ArrayList<>();
    Instant now = clock.instant();
    owners.forEach((number, owner) -> {
      if (!owner.expires.isAfter(now)) {
        owner.held.forEach((account, amount) -> {
          losses.add(new Loss(number, account, amount));
          owner.lost.merge(account, amount, Money::plus);
          Balance before = balance(account);
          balances.put(
              account, new Balance(before.settled().plus(amount), before.held().minus(amount)));
        });
        owner.held.clear();
      }
    });
    return losses;
  }

  @Override
  public synchronized Map<Account, Balance> balances(Collection<Account> accounts) {
    Map<Account, Balance> asked = new HashMap<>();
    accounts.forEach(account -> asked.put(account, balance(account)));
    return asked;
  }

  synchronized Balance balance(Account account) {
    return balances.getOrDefault(account, Balance.NONE);
  }

  /** What an owner holds, or is charged for as if it were dead. */
  synchronized Money heldBy(long owner, Account account) {
    Owner known = owners.get(owner);
    return known == null
        ? Money.ZERO
        : known
            .held
            .getOrDefault(account, Money.ZERO)
            .plus(known.lost.getOrDefault(account, Money.ZERO));
  }

  /** Every row, in the order of its writing. */
  public synchronized List<LedgerRow> rows() {
    return List.copyOf(rows);
  }

  /** What is charged for processes that are thought dead. */
  public synchronized Money lost(Account account) {
    return owners.values().stream()
        .map(owner -> owner.lost.getOrDefault(account, Money.ZERO))
        .reduce(Money.ZERO, Money::plus);
  }

  /** What each of those that are dead held, whether it is charged already or not. */
  synchronized List<Costs.Loss> losses() {
    List<Costs.Loss> losses = new ArrayList<>();
    Instant now = clock.instant();
    owners.forEach((number, owner) -> {
      Map<Account, Money> all = new HashMap<>(owner.lost);
      if (!owner.expires.isAfter(now)) {
        owner.held.forEach((account, amount) -> all.merge(account, amount, Money::plus));
      }
      all.forEach(
          (account, amount) -> losses.add(new Costs.Loss(number, account, amount, owner.expires)));
    });
    return losses;
  }

  @Override
  public Duration lease() {
    return lease;
  }

  /** Nothing to let go of. */
  @Override
  public void close() {}
}
