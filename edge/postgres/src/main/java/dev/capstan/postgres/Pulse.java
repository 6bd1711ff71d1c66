package dev.capstan.postgres;

import dev.capstan.journal.Health;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** How the writer is doing, judged when asked, so that nothing need tick. */
final class Pulse {
  private static final long SLOW_NANOS = 1_000_000_000;
  private static final long STOPPED_NANOS = 5_000_000_000L;

  /** How long a slow batch is remembered after it ended. */
  private static final long MEMORY_NANOS = 5_000_000_000L;

  private final InstantSource clock;
  private final LongSupplier nanos;
  private boolean busy;
  private long began;
  private long lastTook;
  private long lastEnded;
  private @Nullable Instant stoppedSince;
  private String reason = "";

  Pulse(InstantSource clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
  }

  synchronized void begin() {
    busy = true;
    began = nanos.getAsLong();
  }

  /** Returns how long the batch took, in nanoseconds. */
  synchronized long end() {
    busy = false;
    lastEnded = nanos.getAsLong();
    lastTook = lastEnded - began;
    stoppedSince = null;
    return lastTook;
  }

  synchronized void stopped(String why) {
    if (stoppedSince == null) {
      stoppedSince = clock.instant();
    }
    reason = why;
  }

  synchronized Health health() {
    if (stoppedSince != null) {
      return new Health.Stopped(stoppedSince, reason);
    }
    long now = nanos.getAsLong();
    long took = busy ? now - began : lastTook;
    long ago = busy ? took : now - lastEnded + lastTook;
    if (busy && took > STOPPED_NANOS) {
      return new Health.Stopped(
          clock.instant().minusNanos(took),
          "the database has not answered for " + took / 1_000_000_000 + " s");
    }
    boolean slow = took > SLOW_NANOS && (busy || now - lastEnded < MEMORY_NANOS);
    return slow
        ? new Health.Slow(clock.instant().minusNanos(ago), Duration.ofNanos(took))
        : new Health.Good();
  }
}
