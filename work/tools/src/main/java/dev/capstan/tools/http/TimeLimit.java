package dev.capstan.tools.http;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.core5.concurrent.Cancellable;
import org.jspecify.annotations.Nullable;

/** Hangs up on whatever a call is doing when its time is over, however slowly it drips. */
final class TimeLimit implements AutoCloseable {
  private final ScheduledFuture<?> alarm;
  private @Nullable Cancellable current;
  private boolean passed;

  TimeLimit(ScheduledExecutorService alarms, Duration longest) {
    this.alarm = alarms.schedule(this::pass, longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void pass() {
    passed = true;
    if (current != null) {
      current.cancel();
    }
  }

  synchronized void watch(Cancellable request) {
    current = request;
    if (passed) {
      request.cancel();
    }
  }

  synchronized boolean hasPassed() {
    return passed;
  }

  @Override
  public void close() {
    alarm.cancel(false);
  }
}
