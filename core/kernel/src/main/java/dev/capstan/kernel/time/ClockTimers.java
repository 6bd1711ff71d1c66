package dev.capstan.kernel.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Timers by the clock: one thread that sleeps until the next is due, so that an idle process does
 * nothing at all.
 */
public final class ClockTimers implements Timers {
  /** The clock may be set while we sleep; never sleep past this without looking. */
  private static final Duration LONGEST_NAP = Duration.ofSeconds(30);

  /** So many alarms that were called off are let lie among those that will ring. */
  private static final int LITTER = 1_024;

  private final class Entry implements Alarm, Comparable<Entry> {
    private final Instant due;
    private final long order;
    private volatile @Nullable Runnable action;

    Entry(Instant due, long order, Runnable action) {
      this.due = due;
      this.order = order;
      this.action = action;
    }

    @Override
    public void callOff() {
      if (action != null) {
        action = null;
        calledOff.incrementAndGet();
      }
    }

    @Override
    public int compareTo(Entry other) {
      int byTime = due.compareTo(other.due);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final PriorityQueue<Entry> entries = new PriorityQueue<>();
  private final AtomicInteger calledOff = new AtomicInteger();
  private long order;
  private boolean closed;

  private ClockTimers(InstantSource clock) {
    this.clock = clock;
  }

  public static ClockTimers start(InstantSource clock) {
    ClockTimers timers = new ClockTimers(clock);
    Thread.ofPlatform().daemon().name("capstan-timers").start(timers::run);
    return timers;
  }

  @Override
  public Alarm at(Instant due, Runnable action) {
    lock.lock();
    try {
      sweep();
      Entry entry = new Entry(due, order++, action);
      entries.add(entry);
      if (entries.peek() == entry) {
        changed.signal();
      }
      return entry;
    } finally {
      lock.unlock();
    }
  }

  /** Most alarms are called off long before they are due, such as those of a call's deadline. */
  private void sweep() {
    int litter = calledOff.get();
    if (litter > LITTER && litter > entries.size() / 2) {
      entries.removeIf(entry -> entry.action == null);
      calledOff.set(0);
    }
  }

  private void run() {
    while (true) {
      Entry next;
      try {
        next = awaitDue();
      } catch (InterruptedException stopped) {
        return;
      }
      if (next == null) {
        return;
      }
      Runnable action = next.action;
      if (action != null) {
        action.run();
      }
    }
  }

  private @Nullable Entry awaitDue() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        Entry first = entries.peek();
        if (first == null) {
          changed.await();
        } else if (first.action == null) {
          entries.poll();
        } else {
          Duration left = Duration.between(clock.instant(), first.due);
          if (!left.isPositive()) {
            return entries.poll();
          }
          Duration nap = left.compareTo(LONGEST_NAP) < 0 ? left : LONGEST_NAP;
          long _ = changed.awaitNanos(Math.max(nap.toNanos(), TimeUnit.MICROSECONDS.toNanos(50)));
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
