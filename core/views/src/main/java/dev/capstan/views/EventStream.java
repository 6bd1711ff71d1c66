package dev.capstan.views;

import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A run's events from a place on, pulled by whoever sends them: a slow reader holds up nobody and
 * costs no memory, and whoever comes back with the last place that it saw misses nothing and sees
 * nothing twice. For one thread at a time.
 */
public final class EventStream implements AutoCloseable {
  private static final int MOST_AT_ONCE = 500;
  private static final int MOST_PROGRESS = 64;

  /**
   * What is new: events in order, without gaps, and progress told since; both empty when the time
   * was over first.
   */
  public record Batch(List<Recorded> events, List<Progress> progress) {}

  private final LiveEvents live;
  private final RunId run;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Deque<Progress> progress = new ArrayDeque<>();
  private int after;
  private boolean poked = true;
  private boolean closed;
  private boolean ended;

  EventStream(LiveEvents live, RunId run, int after) {
    this.live = live;
    this.run = run;
    this.after = after;
  }

  RunId run() {
    return run;
  }

  /**
   * Waits for what is new, at most this long. After the run's last event it returns at once, empty.
   */
  public Batch next(Duration longest) throws InterruptedException {
    List<Progress> told = await(longest);
    if (ended || isClosed()) {
      return new Batch(List.of(), List.of());
    }
    List<Recorded> events = live.read(run, after, MOST_AT_ONCE);
    if (!events.isEmpty()) {
      Recorded last = events.getLast();
      after = last.seq();
      ended = last.event() instanceof RunEvent.Terminal;
      if (events.size() == MOST_AT_ONCE) {
        poke();
      }
    }
    return new Batch(events, told);
  }

  private List<Progress> await(Duration longest) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = longest.toNanos();
      while (!poked && progress.isEmpty() && !ended && !closed && left > 0) {
        left = news.awaitNanos(left);
      }
      poked = false;
      List<Progress> told = List.copyOf(progress);
      progress.clear();
      return told;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the run's last event has been returned: nothing will ever follow. */
  public boolean isEnded() {
    return ended;
  }

  /** The place of the last event returned. */
  public int position() {
    return after;
  }

  /** Whether it was closed: nothing will follow. */
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  void poke() {
    lock.lock();
    try {
      poked = true;
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  void tell(Progress latest) {
    lock.lock();
    try {
      if (progress.size() == MOST_PROGRESS) {
        progress.removeFirst();
      }
      progress.addLast(latest);
      news.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Wakes whoever waits and leaves the run. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      news.signal();
    } finally {
      lock.unlock();
    }
    live.left(this);
  }
}
