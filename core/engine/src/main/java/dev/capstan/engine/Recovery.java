package dev.capstan.engine;

import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.time.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Takes up what dead owners left: at the start, and again and again in a slow sweep that also
 * renews this worker's lease.
 */
final class Recovery {
  private static final Duration RENEW = Duration.ofSeconds(10);
  private static final int SWEEP_EVERY = 3;
  private static final int CHUNK = 1_000;

  private final EngineParts parts;
  private final Shared shared;
  private final House house;
  private final AtomicInteger recovered = new AtomicInteger();
  private final AtomicBoolean running = new AtomicBoolean();
  private int beats;
  private volatile boolean stopped;
  private volatile Timers.@Nullable Alarm next;

  Recovery(EngineParts parts, Shared shared, House house) {
    this.parts = parts;
    this.shared = shared;
    this.house = house;
  }

  void start() {
    running.set(true);
    shared.executor().execute(this::sweep);
    rearm();
  }

  private void rearm() {
    next =
        shared.timers().at(shared.now().plus(RENEW), () -> shared.executor().execute(this::beat));
  }

  private void beat() {
    if (stopped) {
      return;
    }
    rearm();
    try {
      boolean _ = parts.leases().renew();
      if (++beats % SWEEP_EVERY == 0 && running.compareAndSet(false, true)) {
        sweep();
      }
    } catch (RuntimeException unreachable) {
      // The store is away: the journal's health says so, and the next beat tries again.
      shared.watcher().leaseLate(unreachable);
    }
  }

  private void sweep() {
    try {
      RunId after = new RunId(1);
      while (!stopped) {
        List<RunId> chunk = parts.leases().abandoned(after, CHUNK);
        if (chunk.isEmpty()) {
          return;
        }
        after = chunk.getLast();
        adopt(chunk);
      }
    } catch (RuntimeException unreachable) {
      shared.watcher().leaseLate(unreachable);
    } finally {
      running.set(false);
    }
  }

  private void adopt(List<RunId> chunk) {
    Map<RunId, List<Recorded>> events =
        parts.journal().readAll(chunk.stream().filter(run -> house.live(run) == null).toList());
    int taken = 0;
    for (Map.Entry<RunId, List<Recorded>> run : events.entrySet()) {
      if (run.getValue().getLast().event() instanceof RunEvent.Terminal) {
        continue;
      }
      try {
        house.adopt(RunState.fold(run.getKey(), run.getValue(), shared.plans()::plan));
        taken++;
      } catch (RuntimeException unreadable) {
        shared.watcher().loopDefect(run.getKey(), unreadable);
      }
    }
    if (taken > 0) {
      recovered.addAndGet(taken);
      shared.watcher().recovered(taken);
    }
  }

  int recovered() {
    return recovered.get();
  }

  boolean isRunning() {
    return running.get();
  }

  void stop() {
    stopped = true;
    Timers.Alarm alarm = next;
    if (alarm != null) {
      alarm.callOff();
    }
  }
}
