package dev.capstan.kernel;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Mints run ids that grow with time: 42 bits of milliseconds since 1970, then 21 bits that start at
 * random in each process. Two processes may, very rarely, mint the same id; the journal's primary
 * key lets one of them have it and the other mints again.
 */
public final class RunIds {
  private static final int LOW_BITS = 21;

  private final InstantSource clock;
  private final int salt;
  private final AtomicLong last = new AtomicLong();

  /** {@code seed} sets where the low bits start: random in production, fixed in tests. */
  public RunIds(InstantSource clock, long seed) {
    this.clock = clock;
    this.salt = (int) (Dice.mix(seed) & ((1 << (LOW_BITS - 1)) - 1));
  }

  /**
   * The next id; strictly greater than every one before it in this process, even when the clock
   * steps back.
   */
  public RunId next() {
    long fresh = (clock.millis() << LOW_BITS) | salt;
    return new RunId(last.updateAndGet(before -> Math.max(before + 1, fresh)));
  }

  /** The smallest id that a run created at this instant can have. */
  public static RunId firstAt(java.time.Instant instant) {
    return new RunId(Math.max(1, instant.toEpochMilli() << LOW_BITS));
  }

  /** When a run of this id was created, to the millisecond. */
  public static java.time.Instant mintedAt(RunId run) {
    return java.time.Instant.ofEpochMilli(run.value() >>> LOW_BITS);
  }
}
