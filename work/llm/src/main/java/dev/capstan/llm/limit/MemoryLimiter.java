package dev.capstan.llm.limit;

import dev.capstan.kernel.time.Timers;
import dev.capstan.llm.Patience;
import java.time.InstantSource;
import java.util.List;

/** The limits of one process, in its memory. */
public final class MemoryLimiter implements Limiter {
  private final Turnstile turnstile;

  /** {@code timers} ring by {@code clock}. */
  public MemoryLimiter(Timers timers, InstantSource clock) {
    this.turnstile = new Turnstile(timers, clock, MemoryLimiter::room);
  }

  static Room room(Limit limit) {
    return limit.unit() == Limit.Unit.CONCURRENT
        ? new Occupancy()
        : new SlidingLog(limit.window().toNanos());
  }

  @Override
  public Entry enter(List<Limit> limits, long tokens, Patience patience)
      throws InterruptedException {
    return turnstile.enter(limits, tokens, patience);
  }
}
