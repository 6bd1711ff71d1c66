package dev.capstan.llm.budget;

import dev.capstan.kernel.Dice;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A vault and a few processes, turned by hand through whatever may happen: claims, settlements,
 * lost answers, a store that is away, deaths at any point, leases that end too early. Beside it a
 * plain account of what a vendor may have billed by now.
 */
final class SmallWorld {
  static final Duration LEASE = Duration.ofSeconds(30);
  private static final long SECOND = 1_000_000_000L;
  private static final List<Account.Scope> SCOPES = List.of(Account.Scope.values());

  private final Random random;
  private final ManualTime time = new ManualTime();
  private final MemoryVault vault = new MemoryVault(time, LEASE);
  private final List<Budget> budgets = new ArrayList<>();
  private final List<House> houses = new ArrayList<>();

  /** What a vendor billed, and may have billed in calls whose process died. */
  private final Map<Account, Long> billed = new HashMap<>();

  private final Map<Account, Long> open = new HashMap<>();

  /** Of that, what was beyond the bound. */
  private final Map<Account, Long> excess = new HashMap<>();

  private final boolean overbills;
  private long owners;
  private long reservations;
  int admitted;
  int refused;
  int refusedThoughAffordable;

  /** One process (a house that keeps a till) and the batch that it carries. */
  private final class House {
    final long owner = ++owners;
    final Till till = new Till(time, () -> ++reservations);
    final Rounds rounds = new Rounds(till, List.of(0.5, 0.8, 1.0), owner, LEASE, time.getAsLong());
    final List<Waiter> waiting = new ArrayList<>();
    final List<Reservation> calls = new ArrayList<>();
    final List<Long> settled = new ArrayList<>();
    @Nullable Batch carried;
    @Nullable Receipt answer;

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder("carried " + carried + " away " + till.away);
      for (Waiter waiter : waiting) {
        text.append("\n").append(waiter.turn).append(waiter.stage).append(waiter.most);
        for (Pool pool : waiter.pools) {
          text.append(" | ").append(pool.account).append(" drawn ").append(pool.drawn);
          text.append(" reserved ").append(pool.reserved).append(" spent ").append(pool.spent);
          text.append(" limit ").append(pool.limit()).append(" known ").append(pool.known);
          text.append(" line ").append(pool.line.keySet()).append(" stuck ").append(pool.stuck);
          text.append(till.pools.get(pool.account) == pool ? "" : " FORGOTTEN");
        }
      }
      return text.toString();
    }

    void enter(Claim claim) {
      waiting.add(till.enter(claim, time.getAsLong()));
      look();
    }

    /** Takes note of every waiter that is over. */
    void look() {
      waiting.removeIf(waiter -> {
        if (waiter.stage == Waiter.Stage.OVER) {
          over(waiter);
        }
        return waiter.stage == Waiter.Stage.OVER;
      });
    }

    private void over(Waiter waiter) {
      switch (waiter.admission) {
        case Admission.Reserved reserved -> {
          admitted++;
          calls.add(reserved.reservation());
          each(waiter.claim, open, waiter.most);
        }
        case Admission.Refused no -> {
          refused++;
          refusedThoughAffordable += isAffordable(waiter.claim) ? 1 : 0;
        }
        case Admission.GaveUp gone -> {}
        case null -> {}
      }
    }

    void settle(Reservation call, long cost) {
      calls.remove(call);
      each(call.claim(), open, -call.most().pico());
      each(call.claim(), billed, cost);
      each(call.claim(), excess, Math.max(0, cost - call.most().pico()));
      settled.add(call.id());
      till.settle(
          call,
          new Settlement(dev.capstan.llm.chat.Usage.NONE, new Money(cost), Settlement.How.REPORTED),
          time.getAsLong());
      look();
    }

    void collect() {
      if (carried == null) {
        carried = rounds.next(time.getAsLong(), false);
      }
    }

    void write() {
      if (carried != null && answer == null) {
        answer = vault.write(carried);
      }
    }

    void hear() {
      if (answer != null) {
        Receipt heard = answer;
        answer = null;
        carried = null;
        rounds.written(heard, time.getAsLong());
        look();
      }
    }

    /** The answer is lost, or the batch was never written: it is the same for this process. */
    void loseTouch() {
      if (carried != null) {
        answer = null;
        rounds.failed("away", time.getAsLong());
        look();
      }
    }

    void die() {
      for (Reservation call : calls) {
        each(call.claim(), open, -call.most().pico());
        each(call.claim(), billed, call.most().pico());
      }
    }
  }

  /**
   * A world.
   *
   * @param overbills whether the vendor now and then bills beyond its bound
   */
  SmallWorld(long seed, boolean overbills) {
    this.overbills = overbills;
    random = new Random(Dice.mix(seed));
    int accounts = 1 + random.nextInt(4);
    for (int i = 0; i < accounts; i++) {
      Account.Scope scope = SCOPES.get(i);
      long limit = random.nextInt(3) == 0 ? 100_000 : 200 + random.nextInt(2_000);
      budgets.add(new Budget(new Account(scope, "it", ""), new Money(limit)));
    }
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      houses.add(new House());
    }
  }

  private static void each(Claim claim, Map<Account, Long> sums, long amount) {
    claim.budgets().forEach(budget -> sums.merge(budget.account(), amount, Long::sum));
  }

  private boolean isAffordable(Claim claim) {
    for (Budget budget : claim.budgets()) {
      long spent =
          billed.getOrDefault(budget.account(), 0L) + open.getOrDefault(budget.account(), 0L);
      // What a dead process held is charged whole: that is the price of not knowing.
      long taken = Math.max(spent, vault.balance(budget.account()).settled().pico());
      if (claim.most().pico() > budget.limit().pico() - taken) {
        return false;
      }
    }
    return true;
  }

  /** Lives through so many steps; all is checked after each. */
  void live(int steps) {
    for (int step = 0; step < steps; step++) {
      step();
      check();
    }
  }

  private void step() {
    int slot = random.nextInt(houses.size());
    House house = houses.get(slot);
    switch (random.nextInt(40)) {
      case 0, 1, 2, 3, 4, 5, 6, 7, 8, 9 -> house.enter(claim());
      case 10, 11, 12, 13, 14, 15, 16 -> settleOne(house);
      case 17, 18, 19, 20 -> house.collect();
      case 21, 22, 23, 24 -> house.write();
      case 25, 26, 27, 28, 29 -> house.hear();
      case 30 -> house.loseTouch();
      case 31 -> {
        house.die();
        houses.set(slot, new House());
      }
      case 32 -> vault.reap();
      case 33 -> cancelOne(house);
      case 34 -> time.pass(random.nextInt(8) == 0 ? 40 * SECOND : 2 * SECOND);
      default -> time.pass(random.nextInt(60_000_000));
    }
  }

  private Claim claim() {
    List<Budget> against = new ArrayList<>();
    for (Budget budget : budgets) {
      if (against.isEmpty() || random.nextInt(4) > 0) {
        against.add(budget);
      }
    }
    long most = random.nextInt(12) == 0 ? random.nextInt(2_500) : 1 + random.nextInt(150);
    return new Claim(TenantId.LOCAL, null, "", "", "p", "m", against, new Money(most));
  }

  private void settleOne(House house) {
    if (!house.calls.isEmpty()) {
      Reservation call = house.calls.get(random.nextInt(house.calls.size()));
      long most = call.most().pico();
      boolean beyond = overbills && random.nextInt(10) == 0;
      long cost = random.nextInt(3) == 0 ? most : random.nextLong(most + 1);
      house.settle(call, beyond ? most + 1 + random.nextInt(200) : cost);
    }
  }

  private void cancelOne(House house) {
    if (!house.waiting.isEmpty()) {
      Waiter waiter = house.waiting.get(random.nextInt(house.waiting.size()));
      house.till.cancel(waiter, time.getAsLong());
      house.look();
    }
  }

  private void check() {
    for (Budget budget : budgets) {
      Account account = budget.account();
      Balance there = vault.balance(account);
      long beyond = excess.getOrDefault(account, 0L);
      long limit = budget.limit().pico() + beyond;
      hold(there.settled().pico() + there.held().pico() <= limit, "settled + held", account);
      long real = billed.getOrDefault(account, 0L) + open.getOrDefault(account, 0L);
      hold(real <= limit, "billed + under way", account);
      for (House house : houses) {
        Pool pool = house.till.pools.get(account);
        if (pool != null) {
          hold(pool.idle() >= -beyond, "idle", account);
          long held = vault.heldBy(house.owner, account).pico();
          hold(held >= pool.drawn, "held for a process", account);
        }
      }
    }
  }

  private static void hold(boolean law, String what, Object whose) {
    if (!law) {
      throw new AssertionError("broken: " + what + ": " + whose);
    }
  }

  /** Everybody settles and is heard; nobody may be left waiting, and the books must agree. */
  void end() {
    for (int round = 0; round < 200 && !isQuiet(); round++) {
      for (House house : houses) {
        house.write();
        house.hear();
        while (!house.calls.isEmpty()) {
          settleOne(house);
        }
        house.collect();
        house.write();
        house.hear();
        check();
      }
      time.pass(SECOND / 4);
      vault.reap();
    }
    Set<Long> written = new HashSet<>();
    for (LedgerRow row : vault.rows()) {
      hold(written.add(row.id()), "written once", row);
    }
    for (House house : houses) {
      hold(house.waiting.isEmpty(), "nobody is left waiting", house);
      hold(written.containsAll(house.settled), "every row is written", house);
    }
    time.pass(LEASE.toNanos());
    vault.reap();
    for (Budget budget : budgets) {
      Account account = budget.account();
      Balance there = vault.balance(account);
      hold(there.held().equals(Money.ZERO), "nothing outlives its lease", account);
      Money explained = rowsOf(account).plus(vault.lost(account));
      hold(there.settled().equals(explained), "settled is rows and losses", account);
      // A bill beyond its bound is covered by nothing until its row is written.
      long bill = billed.getOrDefault(account, 0L) - excess.getOrDefault(account, 0L);
      hold(there.settled().pico() >= bill, "settled covers the bill", account);
    }
  }

  private boolean isQuiet() {
    return houses.stream()
        .allMatch(house ->
            house.waiting.isEmpty()
                && house.calls.isEmpty()
                && house.till.pools.values().stream().allMatch(pool -> pool.drawn == 0)
                && house.till.rows.isEmpty()
                && house.carried == null);
  }

  private Money rowsOf(Account account) {
    Money sum = Money.ZERO;
    for (LedgerRow row : vault.rows()) {
      if (row.claim().budgets().stream().anyMatch(budget -> budget.account().equals(account))) {
        sum = sum.plus(row.settlement().cost());
      }
    }
    return sum;
  }
}
