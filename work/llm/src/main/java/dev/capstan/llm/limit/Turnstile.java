package dev.capstan.llm.limit;

import dev.capstan.kernel.time.Timers;
import dev.capstan.llm.Hold;
import dev.capstan.llm.Patience;
import dev.capstan.llm.limit.Limiter.Entry;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongConsumer;
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
  private static final int MANY_WAITERS = 512;

  private final Timers timers;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Gates gates;
  private final Map<List<Gate>, Lane> lanes = new HashMap<>();
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
        if (amount(limit, tokens) > limit.most()) {
          return new Entry.TurnedAway(limit, null);
        }
      }
      List<Gate> wanted = gates.of(limits, now);
      waiter = new Waiter(limits, tokens, order++, Nanos.instant(now));
      Gate blocking = blocking(waiter, wanted, null, now);
      if (blocking == null) {
        return through(waiter, wanted, now);
      }
      Entry hopeless = hopeless(waiter, wanted, patience, now);
      if (hopeless != null) {
        return hopeless;
      }
      join(waiter, wanted, blocking, now);
    } finally {
      lock.unlock();
    }
    return await(waiter, patience);
  }

  /** Requests leave a window by time alone, so it is known when there is no use in waiting. */
  private static @Nullable Entry hopeless(
      Waiter waiter, List<Gate> wanted, Patience patience, long now) {
    long until = Nanos.of(patience.until());
    for (Gate gate : wanted) {
      boolean byTimeAlone = gate.limit.unit() == Limit.Unit.REQUESTS;
      if ((byTimeAlone || until <= now) && freeAt(gate, waiter, now) > until) {
        return turnedAway(gate, waiter, now);
      }
    }
    return until <= now ? turnedAway(wanted.getFirst(), waiter, now) : null;
  }

  private static Entry turnedAway(Gate gate, Waiter waiter, long now) {
    long freeAt = freeAt(gate, waiter, now);
    return new Entry.TurnedAway(
        limitAt(waiter, gate), freeAt == Room.NEVER ? null : Nanos.instant(freeAt));
  }

  private Entry await(Waiter waiter, Patience patience) throws InterruptedException {
    Timers.Alarm end = timers.at(patience.until(), () -> giveUp(waiter));
    try {
      while (true) {
        waiter.signal.acquire();
        Hold news = null;
        Entry entry;
        lock.lock();
        try {
          entry = waiter.entry;
          news = waiter.news;
          waiter.news = null;
        } finally {
          lock.unlock();
        }
        if (entry != null) {
          return entry;
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

  /** Something happened to this limit's room from outside. */
  void reconsider(Limit limit) {
    lock.lock();
    try {
      Gate gate = gates.known(limit);
      if (gate != null) {
        drain(gate, now());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Does something to rooms while nobody else does; it is told the time. */
  void locked(LongConsumer change) {
    lock.lock();
    try {
      change.accept(now());
    } finally {
      lock.unlock();
    }
  }

  /** The room of a limit, within the lock. */
  Room room(Limit limit) {
    return gates.of(limit).room;
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
      if (waiter.entry == null) {
        long now = now();
        List<Gate> wanted = gates.of(waiter.limits, now);
        Lane lane = lanes.get(wanted);
        waiter.end(turnedAway(lane == null ? wanted.getFirst() : lane.at, waiter, now));
        remove(waiter, now);
      }
    } finally {
      lock.unlock();
    }
  }

  private void leave(Waiter waiter) {
    lock.lock();
    try {
      if (waiter.entry == null) {
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
      lane.waiters.add(waiter);
      stand(lane, blocking, now);
    } else {
      lane.waiters.add(waiter);
    }
    tell(waiter, lane.at, now);
  }

  /** What those who wait here want together, as far as it is worth counting. */
  private static long demand(Gate gate) {
    long demand = 0;
    int counted = 0;
    for (Lane lane : gate.lanes) {
      for (Waiter waiter : lane.waiters) {
        if (counted++ == MANY_WAITERS) {
          return demand;
        }
        demand += amount(gate.limit, waiter.tokens);
      }
    }
    return demand;
  }

  /** Has the lane stand before this gate, which stops its first. */
  private void stand(Lane lane, Gate gate, long now) {
    lane.at = gate;
    gate.lanes.add(lane);
    if (gate.lanes.first() == lane) {
      ring(gate, now);
    }
  }

  private void ring(Gate gate, long now) {
    long at = Room.NEVER;
    if (!gate.lanes.isEmpty()) {
      Waiter first = gate.lanes.first().first();
      at = freeAt(gate, first, now);
      gate.room.wanted(demand(gate), limitAt(first, gate).most(), now);
    }
    // Where there is room, it is somebody else who has to go first, and whose going is an event.
    gate.ringAt(at <= now ? Room.NEVER : at, timers, () -> rang(gate));
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
      Lane lane = gate.lanes.first();
      Gate blocking = blocking(lane.first(), lane.gates, lane, now);
      if (blocking == gate) {
        break;
      }
      gate.lanes.remove(lane);
      if (blocking == null) {
        Waiter first = lane.waiters.removeFirst();
        lane.moves = 0;
        first.end(through(first, lane.gates, now));
        next(lane, gate, now);
      } else {
        lane.moves++;
        if (lane.moves >= MOST_MOVES && keeper == null) {
          keep(lane);
        }
        stand(lane, blocking, now);
        tell(lane.first(), blocking, now);
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
    if (lane.waiters.isEmpty()) {
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
    Lane lane = lanes.get(gates.of(waiter.limits, now));
    if (lane == null || !lane.waiters.contains(waiter)) {
      return;
    }
    Gate at = lane.at;
    boolean first = lane.first() == waiter;
    if (!first) {
      lane.waiters.remove(waiter);
      return;
    }
    at.lanes.remove(lane);
    lane.waiters.remove(waiter);
    lane.moves = 0;
    next(lane, at, now);
    drain(at, now);
  }

  private Entry through(Waiter waiter, List<Gate> passed, long now) {
    List<Room.Place> places = new ArrayList<>(passed.size());
    for (int i = 0; i < passed.size(); i++) {
      Gate gate = passed.get(i);
      gate.open++;
      places.add(gate.room.take(amount(waiter.limits.get(i), waiter.tokens), now));
    }
    return new Entry.Entered(new Ticket(this, passed, places));
  }

  private static @Nullable Gate blocking(
      Waiter waiter, List<Gate> wanted, @Nullable Lane lane, long now) {
    for (int i = 0; i < wanted.size(); i++) {
      Limit limit = waiter.limits.get(i);
      long amount = amount(limit, waiter.tokens);
      long place = lane == null ? waiter.order : lane.order;
      if (wanted.get(i).blocks(place, lane, amount, limit.most(), now)) {
        return wanted.get(i);
      }
    }
    return null;
  }

  private void tell(Waiter waiter, Gate gate, long now) {
    long freeAt = freeAt(gate, waiter, now);
    Instant at = freeAt == Room.NEVER ? null : Nanos.instant(Math.max(freeAt, now));
    Limit limit = limitAt(waiter, gate);
    waiter.tell(new Hold.ForLimit(waiter.since, Limits.waitingFor(limit, waiter.since, at), at));
  }

  private static long freeAt(Gate gate, Waiter waiter, long now) {
    Limit limit = limitAt(waiter, gate);
    return gate.room.freeAt(amount(limit, waiter.tokens), limit.most(), now);
  }

  /** Which of its limits the waiter meets at this gate. */
  private static Limit limitAt(Waiter waiter, Gate gate) {
    for (Limit limit : waiter.limits) {
      if (Gates.areSame(limit, gate.limit)) {
        return limit;
      }
    }
    throw new IllegalStateException("nobody waits before a gate that is not theirs");
  }

  static long amount(Limit limit, long tokens) {
    return limit.unit() == Limit.Unit.TOKENS ? tokens : 1;
  }

  /** The clock, but for its steps back. */
  private long now() {
    latest = Math.max(latest, Nanos.of(clock.instant()));
    return latest;
  }
}
