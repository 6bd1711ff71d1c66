package dev.capstan.kernel.time;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A clock and its timers, moved by hand. */
public final class ManualTimers implements Timers, InstantSource {
  private final class Entry implements Alarm {
    final Instant due;
    final Runnable action;

    Entry(Instant due, Runnable action) {
      this.due = due;
      this.action = action;
    }

    @Override
    public void callOff() {
      synchronized (ManualTimers.this) {
        entries.remove(this);
      }
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");

  @Override
  public synchronized Instant instant() {
    return now;
  }

  @Override
  public synchronized Alarm at(Instant due, Runnable action) {
    Entry entry = new Entry(due, action);
    entries.add(entry);
    notifyAll();
    return entry;
  }

  /** The next alarm's time, or null. */
  public synchronized Instant next() {
    return entries.stream().map(entry -> entry.due).min(Comparator.naturalOrder()).orElse(null);
  }

  /** The next alarm's time; waits until another thread sets one. */
  public synchronized Instant awaitNext() throws InterruptedException {
    while (entries.isEmpty()) {
      wait();
    }
    return next();
  }

  /** Moves the clock and rings, in order, whatever becomes due; {@code settle} runs after each. */
  public void advance(Duration by, Runnable settle) {
    Instant target = instant().plus(by);
    while (true) {
      Entry due = takeDue(target);
      if (due == null) {
        break;
      }
      due.action.run();
      settle.run();
    }
    synchronized (this) {
      now = target;
    }
    settle.run();
  }

  private synchronized Entry takeDue(Instant target) {
    Entry first =
        entries.stream()
            .min(Comparator.comparing((Entry entry) -> entry.due))
            .filter(entry -> !entry.due.isAfter(target))
            .orElse(null);
    if (first != null) {
      entries.remove(first);
      now = first.due.isAfter(now) ? first.due : now;
    }
    return first;
  }

  @Override
  public void close() {}
}
