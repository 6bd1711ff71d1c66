package dev.capstan.postgres;

import dev.capstan.journal.Recorded;
import dev.capstan.kernel.RunId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What is durable and not yet in the views. When it grows too long it keeps only which runs went
 * on, and they are read again.
 */
final class Backlog {
  private static final int MOST_EVENTS = 50_000;

  /** How long events gather, so that a run of a few milliseconds is one row write. */
  private static final long GATHER_NANOS = 30_000_000;

  /** How long they gather when many come: runs take longer then, and each is to be one, too. */
  private static final long GATHER_MANY_NANOS = 250_000_000;

  private static final int MANY = 1_024;
  private static final int GATHERED = 20_000;

  record Work(List<List<Recorded>> batches, Set<RunId> behind, long upTo) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private final Condition progress = lock.newCondition();
  private List<List<Recorded>> batches = new ArrayList<>();
  private Set<RunId> behind = new HashSet<>();
  private int events;
  private long received;
  private long projected;
  private int hurried;
  private boolean closed;

  void add(List<Recorded> batch) {
    lock.lock();
    try {
      received++;
      batches.add(batch);
      events += batch.size();
      if (events > MOST_EVENTS) {
        batches.forEach(late -> late.forEach(recorded -> behind.add(recorded.run())));
        batches = new ArrayList<>();
        events = 0;
      }
      if (batches.size() <= 1 || events >= GATHERED) {
        something.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** All there is, after a moment of gathering; waits for the first. Null when closed and empty. */
  @Nullable Work take() throws InterruptedException {
    lock.lock();
    try {
      while (isEmpty()) {
        if (closed) {
          return null;
        }
        something.await();
      }
      gather(GATHER_NANOS);
      if (events >= MANY) {
        gather(GATHER_MANY_NANOS - GATHER_NANOS);
      }
      Work work = new Work(batches, behind, received);
      batches = new ArrayList<>();
      behind = new HashSet<>();
      events = 0;
      return work;
    } finally {
      lock.unlock();
    }
  }

  private void gather(long nanos) throws InterruptedException {
    long left = nanos;
    while (left > 0 && hurried == 0 && !closed && events < GATHERED) {
      left = something.awaitNanos(left);
    }
  }

  private boolean isEmpty() {
    return batches.isEmpty() && behind.isEmpty();
  }

  void done(long upTo) {
    lock.lock();
    try {
      projected = Math.max(projected, upTo);
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all that came before now is done. */
  boolean awaitDone(Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long wanted = received;
      hurried++;
      something.signal();
      long left = atMost.toNanos();
      while (projected < wanted && !closed && left > 0) {
        left = progress.awaitNanos(left);
      }
      hurried--;
      return projected >= wanted;
    } finally {
      lock.unlock();
    }
  }

  /** Waits, at most so long, for the end. */
  boolean isClosedWithin(long millis) throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.MILLISECONDS.toNanos(millis);
      while (!closed && left > 0) {
        left = progress.awaitNanos(left);
      }
      return closed;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      something.signalAll();
      progress.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
