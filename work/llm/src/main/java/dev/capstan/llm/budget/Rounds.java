package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the next batch of what a {@link Till} has to say to the vault, and tells the till what came
 * of it. One batch is under way at a time; one that may have been written stays the same until it
 * is known to be.
 */
final class Rounds {
  /** Rows gather so long, unless a draw goes anyway: until then the hold covers them. */
  static final long GATHER_NANOS = 50_000_000;

  /** Money that nobody used for so long is given back. */
  static final long IDLE_NANOS = 1_000_000_000;

  /** How often those who are stuck ask whether other processes settled. */
  static final long POLL_NANOS = 100_000_000;

  private static final long HOUR_NANOS = 3_600_000_000_000L;
  private static final int MOST_ROWS = 4_096;
  private static final int MOST_DRAWS = 512;
  private static final int MOST_POLLED = 64;

  private final Till till;
  private final List<Double> alertAt;
  private final long owner;
  private final long renewNanos;
  private long seq = 1;
  private long lastWritten;
  private long nextSweep;
  private long nextPoll;
  private @Nullable Flight flight;

  /** Who drew, if anybody did, and where the wishes go. */
  private record Ask(@Nullable Waiter waiter, List<Pool> pools) {}

  private record Flight(Batch batch, List<Ask> asks, Map<Pool, Long> spent) {}

  Rounds(Till till, List<Double> alertAt, long owner, Duration lease, long now) {
    this.till = till;
    this.alertAt = alertAt;
    this.lastWritten = now;
    this.nextSweep = now;
    this.nextPoll = now;
    this.owner = owner;
    this.renewNanos = lease.toNanos() / 3;
  }

  boolean isUnderWay() {
    return flight != null;
  }

  /**
   * The batch to write now, or null when nothing is due.
   *
   * @param closing everything is due
   */
  @Nullable Batch next(long now, boolean closing) {
    if (flight != null) {
      return flight.batch();
    }
    Map<Pool, Long> surplus = new LinkedHashMap<>();
    sweep(now, closing, surplus);
    poll(now);
    boolean rowsDue =
        !till.rows.isEmpty()
            && (closing
                || now - till.rowsSince >= GATHER_NANOS
                || till.rows.size() >= MOST_ROWS / 2);
    // A store that was away is tried, though nobody may ask it for anything meanwhile.
    boolean renewal = till.away || (now - lastWritten >= renewNanos && holdsAnything());
    if (!rowsDue && !renewal && surplus.isEmpty() && !asks()) {
      return null;
    }
    Flight made = make(now, surplus);
    Batch batch = made.batch();
    if (batch.isEmpty() && !renewal) {
      return null;
    }
    flight = made;
    return batch;
  }

  private boolean asks() {
    return !till.fresh.isEmpty() || !till.low.isEmpty();
  }

  private boolean holdsAnything() {
    return till.pools.values().stream().anyMatch(pool -> pool.drawn > 0);
  }

  /** Money that lies idle goes back, and accounts that nobody uses are forgotten. */
  private void sweep(long now, boolean closing, Map<Pool, Long> surplus) {
    if (!closing && now - nextSweep < 0) {
      return;
    }
    nextSweep = now + IDLE_NANOS;
    till.pools.values().removeIf(pool -> pool.isEmpty() && now - pool.lastUse >= IDLE_NANOS);
    for (Pool pool : till.pools.values()) {
      boolean rests = pool.line.isEmpty() && now - pool.lastUse >= IDLE_NANOS;
      if ((rests || closing) && pool.idle() > 0) {
        surplus.put(pool, pool.idle());
        pool.rested();
      }
    }
  }

  /** Those at the head of a line ask again: another process may have settled. */
  private void poll(long now) {
    if (now - nextPoll < 0 || till.lined.isEmpty()) {
      return;
    }
    nextPoll = now + POLL_NANOS;
    List<Pool> some = till.lined.stream().limit(MOST_POLLED).toList();
    for (Pool pool : some) {
      // Its turn comes again after the others'.
      till.lined.remove(pool);
      till.lined.add(pool);
    }
    till.advance(some, now);
  }

  private Flight make(long now, Map<Pool, Long> surplus) {
    List<LedgerRow> rows = new ArrayList<>();
    Map<Pool, Long> spent = takeRows(rows);
    till.rowsSince = now;
    for (Pool pool : spent.keySet()) {
      if (pool.line.isEmpty()) {
        long kept = Math.max(0, pool.idle() - pool.worthKeeping());
        surplus.merge(pool, kept, Math::max);
      }
    }
    List<Ask> asks = new ArrayList<>();
    List<Batch.Draw> draws = draws(asks, surplus, now);
    Set<Pool> moved = new HashSet<>(spent.keySet());
    moved.addAll(surplus.keySet());
    List<Batch.Movement> movements = new ArrayList<>(moved.size());
    for (Pool pool : moved) {
      movements.add(move(pool, spent.getOrDefault(pool, 0L), surplus.getOrDefault(pool, 0L)));
    }
    return new Flight(new Batch(owner, seq, movements, rows, draws), asks, spent);
  }

  private Map<Pool, Long> takeRows(List<LedgerRow> rows) {
    Map<Pool, Long> spent = new LinkedHashMap<>();
    while (!till.rows.isEmpty() && rows.size() < MOST_ROWS) {
      LedgerRow row = till.rows.removeFirst();
      rows.add(row);
      long cost = row.settlement().cost().pico();
      row.claim().budgets().stream()
          .map(budget -> till.pool(budget.account()))
          .distinct()
          .forEach(pool -> {
            pool.claims--;
            spent.merge(pool, cost, Math::addExact);
          });
    }
    return spent;
  }

  /** From now on it does not count on what is given back, whatever becomes of the batch. */
  private static Batch.Movement move(Pool pool, long spent, long surplus) {
    pool.spent -= spent;
    long most = Math.max(0, pool.drawn - pool.reserved - pool.spent);
    long released = Math.min(most, spent + surplus);
    pool.drawn -= released;
    return new Batch.Movement(pool.account, new Money(spent), new Money(released));
  }

  private List<Batch.Draw> draws(List<Ask> asks, Map<Pool, Long> surplus, long now) {
    List<Batch.Draw> draws = new ArrayList<>();
    Room room = new Room(new LinkedHashMap<>(), surplus);
    for (Waiter waiter : List.copyOf(till.fresh.values())) {
      if (draws.size() >= MOST_DRAWS) {
        return draws;
      }
      if (waiter.stage != Waiter.Stage.FRESH) {
        continue;
      }
      if (isBehindTheStuck(waiter)) {
        till.stick(waiter);
        letGo(waiter, room);
        continue;
      }
      List<Pool> lacking = new ArrayList<>();
      List<Batch.Wish> wishes = wishes(waiter, room, lacking);
      if (wishes.isEmpty()) {
        // It lacks nothing: only its turn kept it back.
        till.stick(waiter);
        till.advance(waiter.pools, now);
      } else {
        till.fresh.remove(waiter.turn);
        waiter.stage = Waiter.Stage.ASKED;
        draws.add(new Batch.Draw(wishes));
        asks.add(new Ask(waiter, lacking));
      }
    }
    for (Pool pool : till.low) {
      if (pool.line.isEmpty() && !room.free.containsKey(pool) && pool.allowance() > 0) {
        draws.add(
            new Batch.Draw(
                List.of(new Batch.Wish(pool.budget, Money.ZERO, new Money(pool.allowance())))));
        asks.add(new Ask(null, List.of(pool)));
      }
    }
    till.low.clear();
    return draws;
  }

  /**
   * Whether its turn comes after one who does not fit, or did not when it last asked: what is drawn
   * for it before would only lie there.
   */
  private static boolean isBehindTheStuck(Waiter waiter) {
    return waiter.pools.stream()
        .anyMatch(pool -> pool.isBarredTo(waiter) && (pool.stuck > 0 || pool.head().wasShort));
  }

  /** What nobody may take before it, and it may not take either, may be what others wait for. */
  private static void letGo(Waiter waiter, Room room) {
    for (Pool pool : waiter.pools) {
      boolean first = pool.line.containsKey(waiter.turn) && !pool.isBarredTo(waiter);
      if (first && pool.idle() > 0 && !room.free.containsKey(pool)) {
        room.surplus.put(pool, pool.idle());
      }
    }
  }

  /** What is idle in each pool after those who ask before, and what of it goes back. */
  private record Room(Map<Pool, Long> free, Map<Pool, Long> surplus) {}

  private static List<Batch.Wish> wishes(Waiter waiter, Room room, List<Pool> lacking) {
    List<Batch.Wish> wishes = new ArrayList<>();
    for (Pool pool : waiter.pools) {
      boolean first = !room.free.containsKey(pool);
      if (first && (pool.recalled || (waiter.wasShort && pool.line.containsKey(waiter.turn)))) {
        // What is idle here may be just what another process waits for.
        room.surplus.put(pool, Math.max(0, pool.idle()));
        pool.recalled = false;
      }
      long idle = room.free.getOrDefault(pool, pool.idle() - room.surplus.getOrDefault(pool, 0L));
      long need = waiter.most - idle;
      room.free.put(pool, Math.max(0, -need));
      if (need > 0) {
        pool.typical = waiter.most;
        long extra = first && !waiter.wasShort && pool.stuck == 0 ? pool.allowance() : 0;
        wishes.add(new Batch.Wish(pool.budget, new Money(need), new Money(need + extra)));
        lacking.add(pool);
      }
    }
    return wishes;
  }

  /** The batch under way is written. */
  void written(Receipt receipt, long now) {
    Flight done = flight;
    if (done == null) {
      throw new IllegalStateException("no batch is under way");
    }
    flight = null;
    seq++;
    lastWritten = now;
    if (till.away) {
      till.away = false;
      till.events.add(new BudgetEvent.StoreBack());
    }
    receipt
        .balances()
        .forEach((account, balance) -> {
          Pool pool = till.pools.get(account);
          if (pool != null) {
            pool.known = balance;
          }
        });
    done.spent().forEach(this::passThresholds);
    List<Waiter> waiters = new ArrayList<>();
    List<Receipt.Verdict> verdicts = new ArrayList<>();
    for (int i = 0; i < done.asks().size(); i++) {
      Ask ask = done.asks().get(i);
      Receipt.Verdict verdict = receipt.verdicts().get(i);
      if (verdict instanceof Receipt.Verdict.Granted granted) {
        pay(ask, done.batch().draws().get(i), granted, now);
      }
      if (ask.waiter() != null) {
        waiters.add(ask.waiter());
        verdicts.add(verdict);
      }
    }
    till.answered(waiters, verdicts, now);
  }

  private static void pay(Ask ask, Batch.Draw draw, Receipt.Verdict.Granted granted, long now) {
    for (int w = 0; w < granted.amounts().size(); w++) {
      Money amount = granted.amounts().get(w);
      boolean beyondNeed = amount.compareTo(draw.wishes().get(w).need()) > 0;
      ask.pools().get(w).granted(amount.pico(), beyondNeed, now);
    }
  }

  /** Exactly one batch of all processes carries an account past a threshold. */
  private void passThresholds(Pool pool, long spent) {
    long after = pool.known.settled().pico();
    for (double share : alertAt) {
      long threshold = Math.round(pool.limit() * share);
      if (after >= threshold && after - spent < threshold) {
        till.events.add(
            new BudgetEvent.ThresholdPassed(
                pool.budget, (int) Math.round(100 * share), pool.known.settled()));
      }
    }
  }

  /** The batch under way was not written, or nobody knows; it stays under way. */
  void failed(String reason, long now) {
    if (!till.away) {
      till.events.add(new BudgetEvent.StoreAway(reason));
    }
    List<Waiter> asked = new ArrayList<>();
    if (flight != null) {
      flight
          .asks()
          .forEach(ask -> {
            if (ask.waiter() != null) {
              asked.add(ask.waiter());
            }
          });
    }
    till.failed(asked, now);
  }

  /** In how many nanoseconds {@link #next} may have something; at most an hour. */
  long due(long now) {
    if (asks()) {
      return 0;
    }
    long due = HOUR_NANOS;
    if (!till.rows.isEmpty()) {
      due = Math.min(due, till.rowsSince + GATHER_NANOS - now);
    }
    if (!till.lined.isEmpty()) {
      due = Math.min(due, nextPoll - now);
    }
    if (!till.pools.isEmpty()) {
      due = Math.min(due, nextSweep - now);
    }
    return Math.max(0, due);
  }
}
