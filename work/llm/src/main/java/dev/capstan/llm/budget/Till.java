package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The money that this process has drawn, who has reserved of it, and who waits for more. It decides
 * and does nothing else: batches are carried to the vault by whoever turns the handle. Not safe for
 * threads; {@link EscrowLedger} locks.
 *
 * <p>At every instant, for every account: reserved + spent ≤ drawn, and what is drawn is on hold in
 * the vault; only a bill beyond its bound breaks the first, and it is made good with the next draw.
 */
final class Till {
  /** An allowance that is used up sooner was too small. */
  static final long BRISK_NANOS = 2_000_000_000L;

  /** How many rows and reservations may be on their way to the vault before nobody else enters. */
  static final int MOST_UNWRITTEN = 100_000;

  final Map<Account, Pool> pools = new HashMap<>();
  final TreeMap<Long, Waiter> fresh = new TreeMap<>();

  /** Pools that somebody waits for. */
  final Set<Pool> lined = new LinkedHashSet<>();

  /** Pools whose allowance runs low. */
  final Set<Pool> low = new LinkedHashSet<>();

  final ArrayDeque<LedgerRow> rows = new ArrayDeque<>();
  long rowsSince;
  final List<BudgetEvent> events = new ArrayList<>();

  private final Map<Long, Open> open = new HashMap<>();
  private final InstantSource clock;
  private final LongSupplier ids;
  private long turns;
  boolean away;

  private record Open(Reservation reservation, List<Pool> pools) {}

  /**
   * @param ids for reservations; unique in the ledger and growing with time
   */
  Till(InstantSource clock, LongSupplier ids) {
    this.clock = clock;
    this.ids = ids;
  }

  /** A claim comes: it is over at once, or waits. */
  Waiter enter(Claim claim, long now) {
    Waiter waiter = new Waiter(turns++, claim, pools(claim, now));
    waiter.pools.forEach(pool -> pool.claims++);
    Pool tooSmall = tooSmall(waiter);
    if (tooSmall != null) {
      end(waiter, refused(tooSmall, waiter));
    } else if (rows.size() + open.size() >= MOST_UNWRITTEN) {
      end(waiter, null);
    } else if (canTake(waiter)) {
      take(waiter, now);
    } else if (away) {
      end(waiter, null);
    } else {
      join(waiter);
      if (waiter.pools.stream().anyMatch(pool -> pool.stuck > 0)) {
        stick(waiter);
      } else {
        fresh.put(waiter.turn, waiter);
      }
    }
    return waiter;
  }

  /** One for each account, under its strictest limit. */
  private List<Pool> pools(Claim claim, long now) {
    List<Pool> named = new ArrayList<>(claim.budgets().size());
    for (Budget budget : claim.budgets()) {
      Pool pool = pools.computeIfAbsent(budget.account(), account -> new Pool(budget));
      if (!named.contains(pool)) {
        pool.heed(strictest(claim, budget));
        pool.lastUse = now;
        named.add(pool);
      }
    }
    return named;
  }

  private static Budget strictest(Claim claim, Budget budget) {
    Budget strictest = budget;
    for (Budget other : claim.budgets()) {
      if (other.account().equals(budget.account())
          && other.limit().compareTo(strictest.limit()) < 0) {
        strictest = other;
      }
    }
    return strictest;
  }

  private static @Nullable Pool tooSmall(Waiter waiter) {
    for (Pool pool : waiter.pools) {
      if (waiter.most > pool.limit()) {
        return pool;
      }
    }
    return null;
  }

  /** What costs nothing needs no room. */
  private static boolean canTake(Waiter waiter) {
    for (Pool pool : waiter.pools) {
      if (keepsBack(pool, waiter)) {
        return false;
      }
    }
    return true;
  }

  private static boolean keepsBack(Pool pool, Waiter waiter) {
    return waiter.most > 0 && (pool.free() < waiter.most || pool.isBarredTo(waiter));
  }

  private void take(Waiter waiter, long now) {
    for (Pool pool : waiter.pools) {
      pool.reserved += waiter.most;
      pool.typical = waiter.most;
      pool.lastUse = now;
      if (pool.idle() < pool.lowWater) {
        pool.lowWater = 0;
        low.add(pool);
      }
    }
    Reservation reservation = new Reservation(ids.getAsLong(), waiter.claim);
    open.put(reservation.id(), new Open(reservation, waiter.pools));
    end(waiter, new Admission.Reserved(reservation));
  }

  private void end(Waiter waiter, @Nullable Admission admission) {
    if (waiter.stage == Waiter.Stage.STUCK) {
      unstick(waiter);
    }
    if (!(admission instanceof Admission.Reserved)) {
      waiter.pools.forEach(pool -> pool.claims--);
    }
    waiter.stage = Waiter.Stage.OVER;
    waiter.admission = admission;
    fresh.remove(waiter.turn);
    waiter.ring();
  }

  /** Puts it in the line of every account that keeps it back; it stays in those that it is in. */
  private void join(Waiter waiter) {
    for (Pool pool : waiter.pools) {
      if (keepsBack(pool, waiter)) {
        if (pool.line.put(waiter.turn, waiter) == null && waiter.stage == Waiter.Stage.STUCK) {
          pool.stuck++;
        }
        lined.add(pool);
      }
    }
  }

  void stick(Waiter waiter) {
    if (waiter.stage == Waiter.Stage.STUCK) {
      return;
    }
    fresh.remove(waiter.turn);
    waiter.stage = Waiter.Stage.STUCK;
    for (Pool pool : waiter.pools) {
      pool.stuck += pool.line.containsKey(waiter.turn) ? 1 : 0;
    }
    if (waiter.stuckSince == null) {
      waiter.stuckSince = clock.instant();
      waiter.ring();
    }
  }

  private void unstick(Waiter waiter) {
    for (Pool pool : waiter.pools) {
      pool.stuck -= pool.line.containsKey(waiter.turn) ? 1 : 0;
    }
    waiter.stage = Waiter.Stage.FRESH;
  }

  /** Asks the vault again for one who is stuck. */
  private void freshen(Waiter waiter) {
    if (waiter.stage == Waiter.Stage.STUCK) {
      unstick(waiter);
      fresh.put(waiter.turn, waiter);
    }
  }

  /** Someone who waits goes away. False when it is over already. */
  boolean cancel(Waiter waiter, long now) {
    if (waiter.stage == Waiter.Stage.OVER) {
      return false;
    }
    end(waiter, gaveUp(waiter));
    leave(waiter);
    advance(waiter.pools, now);
    return true;
  }

  private void leave(Waiter waiter) {
    for (Pool pool : waiter.pools) {
      pool.line.remove(waiter.turn);
      if (pool.line.isEmpty()) {
        lined.remove(pool);
      }
    }
  }

  /** A call is over. Settling twice is settling once. */
  void settle(Reservation reservation, Settlement settlement, long now) {
    Open was = open.remove(reservation.id());
    if (was == null) {
      return;
    }
    Claim claim = reservation.claim();
    long cost = settlement.cost().pico();
    for (Pool pool : was.pools) {
      pool.reserved -= claim.most().pico();
      pool.spent += cost;
      pool.lastUse = now;
    }
    if (settlement.how() != Settlement.How.NOTHING || cost != 0) {
      if (rows.isEmpty()) {
        rowsSince = now;
      }
      rows.add(new LedgerRow(reservation.id(), clock.instant(), claim, settlement));
    } else {
      was.pools.forEach(pool -> pool.claims--);
    }
    if (cost > claim.most().pico()) {
      events.add(new BudgetEvent.Overbilled(claim, settlement.cost()));
    }
    advance(was.pools, now);
  }

  /** Money came free: whoever heads a line takes it, or asks the vault for what is missing. */
  void advance(Collection<Pool> changed, long now) {
    ArrayDeque<Pool> work = new ArrayDeque<>(changed);
    while (!work.isEmpty()) {
      Pool pool = work.poll();
      if (pool.line.isEmpty()) {
        continue;
      }
      Waiter head = pool.head();
      if (canTake(head)) {
        leaveAndTake(head, now);
        work.addAll(head.pools);
      } else {
        join(head);
        freshen(head);
      }
    }
  }

  private void leaveAndTake(Waiter waiter, long now) {
    if (waiter.stage == Waiter.Stage.STUCK) {
      unstick(waiter);
    }
    leave(waiter);
    take(waiter, now);
  }

  /** Those who asked, after the vault answered, in their order. */
  void answered(List<Waiter> asked, List<Receipt.Verdict> verdicts, long now) {
    List<Pool> changed = new ArrayList<>();
    for (int i = 0; i < asked.size(); i++) {
      Waiter waiter = asked.get(i);
      if (waiter.stage != Waiter.Stage.ASKED) {
        changed.addAll(waiter.pools);
      } else if (canTake(waiter)) {
        leaveAndTake(waiter, now);
        changed.addAll(waiter.pools);
      } else if (verdicts.get(i) instanceof Receipt.Verdict.Declined) {
        wasShort(waiter);
        changed.addAll(waiter.stage == Waiter.Stage.OVER ? waiter.pools : List.of());
      } else {
        waiter.stage = Waiter.Stage.FRESH;
        join(waiter);
        fresh.put(waiter.turn, waiter);
      }
    }
    advance(changed, now);
  }

  private void wasShort(Waiter waiter) {
    waiter.wasShort = true;
    for (Pool pool : waiter.pools) {
      if (waiter.most > pool.limit() - pool.settled().pico()) {
        end(waiter, refused(pool, waiter));
        leave(waiter);
        return;
      }
    }
    join(waiter);
    stick(waiter);
  }

  /** The store is away: whoever needs it now is told so. */
  void failed(List<Waiter> asked, long now) {
    away = true;
    List<Waiter> hopeless = new ArrayList<>(asked);
    hopeless.addAll(fresh.values());
    List<Pool> changed = new ArrayList<>();
    for (Waiter waiter : hopeless) {
      if (waiter.stage != Waiter.Stage.OVER) {
        end(waiter, null);
        leave(waiter);
        changed.addAll(waiter.pools);
      }
    }
    advance(changed, now);
  }

  /** Nobody is served any more. */
  void dismiss() {
    Set<Waiter> all = new LinkedHashSet<>();
    lined.forEach(pool -> all.addAll(pool.line.values()));
    for (Waiter waiter : all) {
      end(waiter, null);
      leave(waiter);
    }
  }

  private static Admission refused(Pool pool, Waiter waiter) {
    return new Admission.Refused(pool.budget, pool.settled(), pool.held(), waiter.claim.most());
  }

  private static Admission gaveUp(Waiter waiter) {
    Pool pool = shortest(waiter);
    return new Admission.GaveUp(pool.budget, pool.settled(), pool.held(), waiter.claim.most());
  }

  /** The first account that keeps it back. */
  static Pool shortest(Waiter waiter) {
    for (Pool pool : waiter.pools) {
      if (keepsBack(pool, waiter)) {
        return pool;
      }
    }
    return waiter.pools.getFirst();
  }

  /** The pool of an account that a row names: it is there as long as the row is not written. */
  Pool pool(Account account) {
    Pool pool = pools.get(account);
    if (pool == null) {
      throw new IllegalStateException("no pool of " + account);
    }
    return pool;
  }

  /** How many calls are under way. */
  int openCount() {
    return open.size();
  }

  /** What this process holds of an account and has not told the vault yet. */
  Balance own(Account account) {
    Pool pool = pools.get(account);
    return pool == null
        ? Balance.NONE
        : new Balance(new Money(pool.spent), new Money(pool.drawn - pool.reserved));
  }
}
