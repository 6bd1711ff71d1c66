package dev.capstan.llm.provider.wire;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Rings when calls have taken too long. */
final class Deadlines implements AutoCloseable {
  private static final long TICK_MILLIS = 1_000;

  private final LongSupplier nanoTime;
  private final ScheduledThreadPoolExecutor alarms =
      new ScheduledThreadPoolExecutor(
          1, Thread.ofPlatform().name("llm-wire-deadlines").daemon().factory());

  /** {@code nanoTime} only passes. */
  Deadlines(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    alarms.setRemoveOnCancelPolicy(true);
    // What is set behind the next tick wakes nobody; else each lonely call would wake the thread.
    var _ = alarms.scheduleAtFixedRate(() -> {}, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  long now() {
    return nanoTime.getAsLong();
  }

  Future<?> in(long nanos, Runnable action) {
    return alarms.schedule(action, nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    alarms.shutdownNow();
  }
}
