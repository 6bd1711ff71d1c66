package dev.capstan.llm.limit;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.time.Timers;
import dev.capstan.llm.Hold;
import dev.capstan.llm.Patience;
import dev.capstan.llm.limit.Limiter.Entry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Lets calls through all of their gates or none. Nobody holds a place in one gate while waiting for
 * another, so there is no deadlock; and whoever waits stands before the one gate that stops it, so
 * that a full tenant does not stop the others at their provider's.
 *
 * <p>At a gate, first come is first served. One with several gates could be passed over for ever,
 * when each time one has room another has none; after {@link #MOST_MOVES} such turns its gates are
 * kept for it alone until it is through.
 */
final class Turnstile {
  static final int MOST_MOVES = 16;

  /** Even who has no time to wait gives a store so long to answer. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  private final Timers timers;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Gates gates;
  private final Map<List<Gate>, Lane> lanes = new HashMap<>();
  private List<Waiter> newcomers = new ArrayList<>();
  private @Nullable Lane keeper;
  private long order;
  private long latest;

  Turnstile(Timers timers, InstantSource clock, Function<Limit, Room> rooms) {
    this.timers = timers;
    this.clock = clock;
    this.gates = new Gates(rooms);
  }

  Entry enter(List<Limit> limits, long tokens, Patience patience) throws InterruptedException {
    Waiter waiter;
    lock.lock();
    try {
      long now = now();
      for (Limit limit : limits) {
        if (limit.amount(tokens) > limit.most()) {
          return new Entry.TurnedAway(limit, null);
        }
      }
      List<Gate> wanted = gates.of(limits, now);
      long until = Math.max(now, Nanos.of(patience.until()));
      waiter = new Waiter(limits, tokens, until, order++, Nanos.instant(now));
      Gate blocking = blocking(waiter, wanted, null, now);
      if (blocking == null) {
        return through(waiter, wanted, now);
      }
      Entry end = hopeless(waiter, wanted, now);
      if (end == null && !asks(waiter, wanted, now) && until <= now) {
        end = blocking.turnAway(waiter, now);
      }
      if (end != null) {
        return end;
      }
      join(waiter, wanted, blocking, now);
    } finally {
      lock.unlock();
    }
    return await(waiter, patience);
  }

  /** Requests leave a window by time alone, so it is known when there is no use in waiting. */
  private static @Nullable Entry hopeless(Waiter waiter, List<Gate> wanted, long now) {
    for (Gate gate : wanted) {
      boolean byTimeAlone = gate.limit.unit() == Limit.Unit.REQUESTS;
      if ((byTimeAlone || waiter.until <= now) && gate.freeAt(waiter, now) > waiter.until) {
        return gate.turnAway(waiter, now);
      }
    }
    return null;
  }

  /** Whether an answer will come from elsewhere, which is then worth waiting for. */
  private boolean asks(Waiter waiter, List<Gate> wanted, long now) {
    for (Gate gate : wanted) {
      Limit limit = gate.limitOf(waiter);
      waiter.expectsAnswer |= gate.room.wanted(limit.amount(waiter.tokens), limit.most(), now);
    }
    if (waiter.expectsAnswer) {
      newcomers.add(waiter);
    }
    return waiter.expectsAnswer;
  }

  private Entry await(Waiter waiter, Patience patience) throws InterruptedException {
    boolean isPatient = patience.until().isAfter(waiter.since);
    Instant until = isPatient ? patience.until() : waiter.since.plus(LEAST);
    Timers.Alarm end = timers.at(until, () -> giveUp(waiter));
    try {
      while (true) {
        waiter.signal.acquire();
        Hold news = null;
        lock.lock();
        try {
          if (waiter.entry != null) {
            return waiter.entry;
          }
          if (waiter.problem != null) {
            throw waiter.problem.refusal();
          }
          news = waiter.news;
          waiter.news = null;
        } finally {
          lock.unlock();
        }
        if (news != null) {
          patience.listener().waiting(news);
        }
      }
    } catch (InterruptedException cancelled) {
      leave(waiter);
      throw cancelled;
    } finally {
      end.callOff();
      patience.listener().waiting(null);
    }
  }

  /** Those who came since this was last asked, and wait for an answer; within the lock. */
  List<Waiter> newcomers() {
    List<Waiter> since = newcomers;
    newcomers = new ArrayList<>();
    return since;
  }

  /** What is wanted of a limit by those who stand before it and by these; within the lock. */
  long demand(Limit limit, List<Waiter> askers) {
    Gate gate = gates.of(limit);
    long demand = gate.demand();
    for (Waiter asker : askers) {
      Lane lane = asker.lane;
      if (lane != null && lane.at != gate && lane.gates.contains(gate)) {
        demand += limit.amount(asker.tokens);
      }
    }
    return demand;
  }

  /**
   * The answer that these expected has come, and has made room or not; within the lock.
   *
   * @param away why there is none
   */
  void answered(List<Waiter> askers, List<Limit> limits, @Nullable Problem away) {
    long now = now();
    askers.forEach(asker -> asker.expectsAnswer = false);
    for (Limit limit : limits) {
      Gate gate = gates.known(limit);
      if (gate != null) {
        drain(gate, now);
      }
    }
    for (Waiter asker : askers) {
      Lane lane = asker.lane;
      if (lane != null && away != null) {
        asker.fail(away);
        remove(asker, now);
      } else if (lane != null) {
        stay(asker, lane, now);
      }
    }
  }

  private void stay(Waiter waiter, Lane lane, long now) {
    Entry end = hopeless(waiter, lane.gates, now);
    if (end == null && waiter.until <= now && !asks(waiter, lane.gates, now)) {
      end = lane.at.turnAway(waiter, now);
    }
    if (end != null) {
      waiter.end(end);
      remove(waiter, now);
    } else {
      lane.at.tell(waiter, now);
    }
  }

  /** Does something to rooms while nobody else does; it is told the time. */
  <T> T locked(LongFunction<T> change) {
    lock.lock();
    try {
      return change.apply(now());
    } finally {
      lock.unlock();
    }
  }

  /** Called by a {@link Ticket}: changes what it took, and lets others use what became free. */
  void change(List<Gate> passed, LongConsumer change) {
    lock.lock();
    try {
      long now = now();
      change.accept(now);
      for (Gate gate : passed) {
        drain(gate, now);
      }
    } finally {
      lock.unlock();
    }
  }

  private void giveUp(Waiter waiter) {
    lock.lock();
    try {
      long now = now();
      Lane lane = waiter.lane;
      long late = waiter.until + LEAST.toNanos();
      if (lane != null && waiter.expectsAnswer && now < late) {
        var _ = timers.at(Nanos.instant(late), () -> giveUp(waiter));
      } else if (lane != null) {
        waiter.end(lane.at.turnAway(waiter, now));
        remove(waiter, now);
      }
    } finally {
      lock.unlock();
    }
  }

  private void leave(Waiter waiter) {
    lock.lock();
    try {
      if (waiter.lane != null) {
        remove(waiter, now());
      } else if (waiter.entry instanceof Entry.Entered entered) {
        entered.pass().unused();
      }
    } finally {
      lock.unlock();
    }
  }

  private void join(Waiter waiter, List<Gate> wanted, Gate blocking, long now) {
    Lane lane = lanes.get(wanted);
    if (lane == null) {
      lane = new Lane(wanted, blocking);
      lane.order = waiter.order;
      lanes.put(wanted, lane);
      lane.add(waiter);
      stand(lane, blocking, now);
    } else {
      lane.add(waiter);
    }
    waiter.lane = lane;
    lane.at.tell(waiter, now);
  }

  /** Has the lane stand before this gate, which stops its first. */
  private void stand(Lane lane, Gate gate, long now) {
    lane.at = gate;
    gate.lanes.add(lane);
    if (gate.first() == lane) {
      ring(gate, now);
    }
  }

  private void ring(Gate gate, long now) {
    gate.ring(timers, now, () -> rang(gate));
  }

  private void rang(Gate gate) {
    lock.lock();
    try {
      gate.rang();
      drain(gate, now());
    } finally {
      lock.unlock();
    }
  }

  /** Lets through or sends elsewhere all those that this gate does not stop. */
  private void drain(Gate gate, long now) {
    while (!gate.lanes.isEmpty()) {
      Lane lane = gate.first();
      Gate blocking = blocking(lane.first(), lane.gates, lane, now);
      if (blocking == gate) {
        break;
      }
      if (blocking != null && ++lane.moves >= MOST_MOVES && keeper == null) {
        keep(lane);
        // It may be that only somebody's turn before it has stopped it.
        continue;
      }
      gate.lanes.remove(lane);
      if (blocking == null) {
        Waiter first = lane.first();
        lane.remove(first);
        lane.moves = 0;
        first.end(through(first, lane.gates, now));
        next(lane, gate, now);
      } else {
        stand(lane, blocking, now);
        blocking.tell(lane.first(), now);
      }
    }
    ring(gate, now);
  }

  /** The lane, which stands nowhere, has lost its first. */
  private void next(Lane lane, Gate gate, long now) {
    boolean kept = keeper == lane;
    if (kept) {
      lane.gates.forEach(each -> each.kept = null);
      keeper = null;
    }
    if (lane.isEmpty()) {
      lanes.remove(lane.gates);
    } else {
      lane.order = lane.first().order;
      stand(lane, gate, now);
    }
    if (kept) {
      for (Gate each : lane.gates) {
        if (each != gate) {
          drain(each, now);
        }
      }
    }
  }

  private void keep(Lane lane) {
    keeper = lane;
    lane.gates.forEach(gate -> gate.kept = lane);
  }

  private void remove(Waiter waiter, long now) {
    Lane lane = waiter.lane;
    if (lane == null) {
      return;
    }
    waiter.lane = null;
    if (lane.first() != waiter) {
      lane.remove(waiter);
      return;
    }
    Gate at = lane.at;
    at.lanes.remove(lane);
    lane.remove(waiter);
    lane.moves = 0;
    next(lane, at, now);
    drain(at, now);
  }

  private Entry through(Waiter waiter, List<Gate> passed, long now) {
    waiter.lane = null;
    List<Room.Place> places = new ArrayList<>(passed.size());
    for (int i = 0; i < passed.size(); i++) {
      Gate gate = passed.get(i);
      gate.open++;
      places.add(gate.room.take(waiter.limits.get(i).amount(waiter.tokens), now));
    }
    return new Entry.Entered(new Ticket(this, passed, places));
  }

  private static @Nullable Gate blocking(
      Waiter waiter, List<Gate> wanted, @Nullable Lane lane, long now) {
    for (int i = 0; i < wanted.size(); i++) {
      Limit limit = waiter.limits.get(i);
      long amount = limit.amount(waiter.tokens);
      long place = lane == null ? waiter.order : lane.order;
      if (wanted.get(i).blocks(place, lane, amount, limit.most(), now)) {
        return wanted.get(i);
      }
    }
    return null;
  }

  /** The clock, but for its steps back. */
  private long now() {
    latest = Math.max(latest, Nanos.of(clock.instant()));
    return latest;
  }
}
