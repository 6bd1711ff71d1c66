package dev.capstan.llm.budget;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunIds;
import dev.capstan.llm.Hold;
import dev.capstan.llm.Patience;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A ledger that reserves in memory what it has drawn from a {@link Vault}. Where a budget is large
 * beside its calls, one draw serves many of them and a reservation never sees the disk; where it is
 * small, every call is drawn for itself, so that a crash loses no more than what was under way.
 *
 * <p>While the vault is away, reservations go on inside what is drawn, rows wait to be written, and
 * whoever needs more is refused.
 */
public final class EscrowLedger implements Ledger {
  private static final long LONGEST_WAIT_NANOS = 3_600_000_000_000L;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Till till;
  private final Teller teller;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private boolean closed;

  private EscrowLedger(Vault vault, long owner, Surroundings around) {
    this.clock = around.clock();
    this.nanos = around.nanos();
    RunIds ids = new RunIds(clock, owner);
    this.till = new Till(clock, () -> ids.next().value());
    this.teller = new Teller(vault, owner, around, till, new Teller.Desk(lock, work));
  }

  /**
   * What a ledger needs of the world.
   *
   * @param nanos time that only passes
   * @param alertAt the shares of a budget whose passing is told
   */
  public record Surroundings(
      InstantSource clock,
      LongSupplier nanos,
      BudgetEvent.Listener listener,
      List<Double> alertAt) {
    public Surroundings {
      alertAt = List.copyOf(alertAt);
    }

    /** Tells of a half, four fifths and all. */
    public Surroundings(InstantSource clock, LongSupplier nanos, BudgetEvent.Listener listener) {
      this(clock, nanos, listener, List.of(0.5, 0.8, 1.0));
    }
  }

  /**
   * Opens a ledger over this vault, which is closed with it.
   *
   * @param owner this process's number at the vault: any that no process had before
   */
  public static EscrowLedger open(Vault vault, long owner, Surroundings around) {
    EscrowLedger ledger = new EscrowLedger(vault, owner, around);
    ledger.teller.start();
    return ledger;
  }

  @Override
  public Admission reserve(Claim claim, Patience patience) throws InterruptedException {
    Waiter waiter;
    lock.lockInterruptibly();
    try {
      if (closed) {
        throw unavailable("the ledger is closed");
      }
      waiter = till.enter(claim, nanos.getAsLong());
      wake();
      if (waiter.stage == Waiter.Stage.OVER) {
        return outcome(waiter);
      }
      waiter.bell = lock.newCondition();
    } finally {
      lock.unlock();
    }
    return await(waiter, patience);
  }

  /** Waits for its turn, and says what for as soon as it is clear that others must settle first. */
  private Admission await(Waiter waiter, Patience patience) throws InterruptedException {
    boolean told = false;
    boolean ended = false;
    try {
      Hold hold = awaitNews(waiter, patience, false);
      while (hold != null) {
        told = true;
        patience.listener().waiting(hold);
        hold = awaitNews(waiter, patience, true);
      }
      ended = true;
      return outcome(waiter);
    } finally {
      if (!ended) {
        abandon(waiter);
      }
      if (told) {
        patience.listener().waiting(null);
      }
    }
  }

  /** Null when it is over. */
  private @Nullable Hold awaitNews(Waiter waiter, Patience patience, boolean told)
      throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (waiter.stage != Waiter.Stage.OVER) {
        if (waiter.stuckSince != null && !told) {
          return new Hold.ForBudget(
              waiter.stuckSince, "budget of " + Till.shortest(waiter).account);
        }
        long left = nanosUntil(patience);
        if (left <= 0) {
          till.cancel(waiter, nanos.getAsLong());
          wake();
          return null;
        }
        long unused = Objects.requireNonNull(waiter.bell).awaitNanos(left);
        assert unused <= left;
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private long nanosUntil(Patience patience) {
    Duration left = Duration.between(clock.instant(), patience.until());
    return left.compareTo(Duration.ofNanos(LONGEST_WAIT_NANOS)) > 0
        ? LONGEST_WAIT_NANOS
        : left.toNanos();
  }

  /** Its thread was interrupted, or its listener threw. */
  private void abandon(Waiter waiter) {
    lock.lock();
    try {
      till.cancel(waiter, nanos.getAsLong());
      if (waiter.admission instanceof Admission.Reserved reserved) {
        till.settle(reserved.reservation(), Settlement.FREE, nanos.getAsLong());
      }
      wake();
    } finally {
      lock.unlock();
    }
  }

  private static Admission outcome(Waiter waiter) {
    if (waiter.admission == null) {
      throw unavailable("budgets cannot be checked at the moment, so nothing is spent");
    }
    return waiter.admission;
  }

  private static RuntimeException unavailable(String why) {
    return Problem.of(ProblemCode.UNAVAILABLE, why).refusal();
  }

  @Override
  public void settle(Reservation reservation, Settlement settlement) {
    lock.lock();
    try {
      till.settle(reservation, settlement, nanos.getAsLong());
      wake();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes the teller when it would sleep too long otherwise. */
  private void wake() {
    int rows = till.rows.size();
    if (!till.fresh.isEmpty() || !till.low.isEmpty() || rows == 1 || rows == 2_048) {
      work.signal();
    }
  }

  @Override
  public List<Standing> standing(List<Budget> budgets) {
    List<Account> accounts = budgets.stream().map(Budget::account).distinct().toList();
    Map<Account, Balance> balances = teller.balances(accounts);
    List<Standing> standing = new ArrayList<>(budgets.size());
    for (Budget budget : budgets) {
      Balance balance = balances.getOrDefault(budget.account(), Balance.NONE);
      standing.add(new Standing(budget, balance.settled(), balance.held()));
    }
    return standing;
  }

  /** Settles what it can, gives back what is idle, and refuses whoever waits. Blocks. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      till.dismiss();
      work.signalAll();
    } finally {
      lock.unlock();
    }
    teller.close();
  }
}
