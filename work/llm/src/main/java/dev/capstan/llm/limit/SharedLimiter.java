package dev.capstan.llm.limit;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.time.Timers;
import dev.capstan.llm.Patience;
import java.time.InstantSource;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Limits that several processes keep together, each drawing its part from one store as it needs it.
 * How many calls are under way at once is counted per process.
 */
public final class SharedLimiter implements Limiter, AutoCloseable {
  private final Turnstile turnstile;
  private final Drawer drawer;

  /** {@code timers} ring by {@code clock}. */
  public SharedLimiter(Allotments allotments, Timers timers, InstantSource clock) {
    this(allotments, timers, clock, (_, room) -> room);
  }

  /** {@code seen} is how its rooms are seen. */
  SharedLimiter(
      Allotments allotments,
      Timers timers,
      InstantSource clock,
      BiFunction<Limit, Room, Room> seen) {
    this.drawer = new Drawer(allotments, timers);
    this.turnstile = new Turnstile(timers, clock, limit -> seen.apply(limit, room(limit)));
    this.drawer.start(turnstile);
  }

  private Room room(Limit limit) {
    return limit.unit() == Limit.Unit.CONCURRENT
        ? new Occupancy()
        : new DrawnRoom(limit, drawer::ask);
  }

  /** As the port says. Throws a refusal of {@code unavailable} when the store is away. */
  @Override
  public Entry enter(List<Limit> limits, long tokens, Patience patience)
      throws InterruptedException {
    if (drawer.isClosed()) {
      throw Problem.of(ProblemCode.UNAVAILABLE, "the limits are closed").refusal();
    }
    return turnstile.enter(limits, tokens, patience);
  }

  /** Stops drawing; what was drawn and not used counts as used. */
  @Override
  public void close() {
    drawer.close();
  }
}
