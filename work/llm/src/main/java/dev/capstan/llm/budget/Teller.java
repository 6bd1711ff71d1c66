package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The one thread of a ledger that goes to the vault. */
final class Teller {
  private static final System.Logger LOG = System.getLogger(Teller.class.getName());
  private static final long FIRST_PAUSE_NANOS = 100_000_000;
  private static final long LONGEST_PAUSE_NANOS = 2_000_000_000;
  private static final long CLOSING_NANOS = 5_000_000_000L;

  private final Vault vault;
  private final EscrowLedger.Surroundings around;
  private final Till till;
  private final Rounds rounds;
  private final ReentrantLock lock;
  private final Condition work;

  /** Held while a batch is under way, so that whoever holds it sees memory and vault agree. */
  private final ReentrantLock counter = new ReentrantLock();

  private final Thread thread;
  private boolean closing;
  private long closeBy;
  private long nextReap;
  private long pause;
  private boolean reaped;

  /** What the ledger's threads share. */
  record Desk(ReentrantLock lock, Condition work) {}

  Teller(Vault vault, long owner, EscrowLedger.Surroundings around, Till till, Desk desk) {
    this.vault = vault;
    this.around = around;
    this.till = till;
    this.lock = desk.lock();
    this.work = desk.work();
    long now = around.nanos().getAsLong();
    this.nextReap = now;
    this.rounds = new Rounds(till, around.alertAt(), owner, vault.lease(), now);
    this.thread = Thread.ofPlatform().daemon().name("capstan-ledger").unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (awaitWork()) {
      counter.lock();
      try {
        round();
      } finally {
        counter.unlock();
      }
    }
    vault.close();
  }

  /** False when all is done. */
  private boolean awaitWork() {
    lock.lock();
    try {
      long began = now();
      while (true) {
        long now = now();
        if (closing && (now - closeBy >= 0 || isDone())) {
          return false;
        }
        long due = pause > 0 ? pause - (now - began) : rounds.due(now);
        if (due <= 0 || (closing && pause == 0)) {
          return true;
        }
        long unused = work.awaitNanos(due);
        assert unused <= due;
      }
    } catch (InterruptedException nobodyDoesThat) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  private boolean isDone() {
    return !rounds.isUnderWay()
        && till.rows.isEmpty()
        && till.pools.values().stream().noneMatch(pool -> pool.idle() > 0);
  }

  private void round() {
    Batch batch = nextBatch();
    try {
      if (batch != null) {
        Receipt receipt = vault.write(batch);
        locked(() -> rounds.written(receipt, now()));
        pause = 0;
      }
      reap(false);
    } catch (RuntimeException failed) {
      if (!(failed instanceof Refusal)) {
        LOG.log(System.Logger.Level.ERROR, "the ledger's store failed", failed);
      }
      locked(() -> rounds.failed(reason(failed), now()));
      pause = Math.clamp(pause * 2, FIRST_PAUSE_NANOS, LONGEST_PAUSE_NANOS);
    }
    tell(
        ask(() -> {
          List<BudgetEvent> events = List.copyOf(till.events);
          till.events.clear();
          return events;
        }));
  }

  private @Nullable Batch nextBatch() {
    lock.lock();
    try {
      return rounds.next(now(), closing);
    } finally {
      lock.unlock();
    }
  }

  private void locked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  private static String reason(RuntimeException failed) {
    return failed instanceof Refusal refused
        ? refused.problem().detail()
        : String.valueOf(failed.getMessage());
  }

  /** While somebody waits, and at the start: the dead may hold what is waited for. */
  private void reap(boolean asked) {
    boolean due = ask(() -> now() - nextReap >= 0 && (!till.lined.isEmpty() || !reaped));
    if (!due && !asked) {
      return;
    }
    reaped = true;
    nextReap = now() + vault.lease().toNanos() / 4;
    List<Vault.Loss> losses = vault.reap();
    locked(() -> losses.forEach(loss -> till.events.add(new BudgetEvent.OwnerLost(loss))));
  }

  private void tell(List<BudgetEvent> events) {
    for (BudgetEvent event : events) {
      try {
        around.listener().heard(event);
      } catch (RuntimeException failed) {
        LOG.log(System.Logger.Level.ERROR, "a listener failed on " + event, failed);
      }
    }
  }

  private interface Question<T> {
    T answer();
  }

  private <T> T ask(Question<T> question) {
    lock.lock();
    try {
      return question.answer();
    } finally {
      lock.unlock();
    }
  }

  private long now() {
    return around.nanos().getAsLong();
  }

  /** What is settled and what calls have reserved, this process's newest included. */
  Map<Account, Balance> balances(List<Account> accounts) {
    counter.lock();
    try {
      if (ask(rounds::isUnderWay)) {
        throw Problem.of(ProblemCode.UNAVAILABLE, "the ledger's store does not answer").refusal();
      }
      reap(true);
      Map<Account, Balance> stored = vault.balances(accounts);
      return ask(() -> {
        Map<Account, Balance> balances = new HashMap<>();
        for (Account account : accounts) {
          Balance there = stored.getOrDefault(account, Balance.NONE);
          Pool pool = till.pools.get(account);
          Money spent = pool == null ? Money.ZERO : new Money(pool.spent);
          Money unreserved = pool == null ? Money.ZERO : new Money(pool.drawn - pool.reserved);
          balances.put(
              account, new Balance(there.settled().plus(spent), there.held().minus(unreserved)));
        }
        return balances;
      });
    } finally {
      counter.unlock();
    }
  }

  void close() {
    locked(() -> {
      closing = true;
      closeBy = now() + CLOSING_NANOS;
      work.signalAll();
    });
    try {
      if (!thread.join(java.time.Duration.ofNanos(2 * CLOSING_NANOS))) {
        LOG.log(System.Logger.Level.WARNING, "the ledger's store kept its last batch waiting");
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
