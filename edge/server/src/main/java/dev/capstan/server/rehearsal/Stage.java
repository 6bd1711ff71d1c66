package dev.capstan.server.rehearsal;

import dev.capstan.kernel.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Threads and time of a rehearsal. Work is done at once, on threads that are counted; the clock
 * stands still while anything is at work and jumps when it is told to.
 */
final class Stage implements Executor, Timers, InstantSource {
  private static final class Entry implements Alarm {
    private final Instant due;
    private final long order;
    private final Runnable action;
    private volatile boolean off;

    Entry(Instant due, long order, Runnable action) {
      this.due = due;
      this.order = order;
      this.action = action;
    }

    Instant due() {
      return due;
    }

    long order() {
      return order;
    }

    @Override
    public void callOff() {
      off = true;
    }

    void ring() {
      if (!off) {
        action.run();
      }
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(Comparator.comparing(Entry::due).thenComparingLong(Entry::order));
  private Instant now;
  private long order;
  private int working;

  Stage(Instant from) {
    this.now = from;
  }

  @Override
  public Instant instant() {
    lock.lock();
    try {
      return now;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void execute(Runnable work) {
    lock.lock();
    try {
      working++;
    } finally {
      lock.unlock();
    }
    Thread.ofVirtual().name("rehearsal").start(() -> perform(work));
  }

  private void perform(Runnable work) {
    try {
      work.run();
    } finally {
      lock.lock();
      try {
        if (--working == 0) {
          idle.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }
  }

  /** Waits until nobody is at work; false when that takes longer than the limit. */
  boolean awaitIdle(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (working > 0) {
        if (left <= 0) {
          return false;
        }
        left = idle.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Alarm at(Instant due, Runnable action) {
    lock.lock();
    try {
      Entry entry = new Entry(due, order++, action);
      entries.add(entry);
      return entry;
    } finally {
      lock.unlock();
    }
  }

  /** Sets the clock, if that is later, and rings whatever is due then. */
  void advanceTo(Instant target) {
    lock.lock();
    try {
      now = target.isAfter(now) ? target : now;
    } finally {
      lock.unlock();
    }
    for (Entry due = takeDue(); due != null; due = takeDue()) {
      due.ring();
    }
  }

  private @Nullable Entry takeDue() {
    lock.lock();
    try {
      Entry first = entries.peek();
      return first == null || first.due().isAfter(now) ? null : entries.poll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {}
}
