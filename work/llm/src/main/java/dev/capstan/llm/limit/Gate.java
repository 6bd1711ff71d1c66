package dev.capstan.llm.limit;

import dev.capstan.kernel.time.Timers;
import dev.capstan.llm.Hold;
import dev.capstan.llm.limit.Limiter.Entry;
import java.time.Instant;
import java.util.Comparator;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One limit's room and the lanes that stand before it because there is none for their first. */
final class Gate {
  final Limit limit;
  final Room room;
  final TreeSet<Lane> lanes = new TreeSet<>(Comparator.comparingLong((Lane lane) -> lane.order));

  /** Whoever was passed over too often and now has the gate to itself. */
  @Nullable Lane kept;

  /** How many calls that passed it are not over. */
  int open;

  private Timers.@Nullable Alarm alarm;
  private long alarmAt;

  Gate(Limit limit, Room room) {
    this.limit = limit;
    this.room = room;
  }

  /** Whether one of this order and lane has to wait here. */
  boolean blocks(long order, @Nullable Lane lane, long amount, long most, long now) {
    if (!room.fits(amount, most, now)) {
      return true;
    }
    // Who has the gate to itself waits for nobody's turn: those before it here wait for it.
    return kept != null ? kept != lane : !lanes.isEmpty() && lanes.first().order < order;
  }

  /** Whose turn it is of those who stand here; only when somebody does. */
  Lane first() {
    return kept != null && lanes.contains(kept) ? kept : lanes.first();
  }

  /** When time makes room for one who waits for it. */
  long freeAt(Waiter waiter, long now) {
    Limit its = limitOf(waiter);
    return room.freeAt(its.amount(waiter.tokens), its.most(), now);
  }

  Entry turnAway(Waiter waiter, long now) {
    long freeAt = freeAt(waiter, now);
    return new Entry.TurnedAway(
        limitOf(waiter), freeAt == Room.NEVER ? null : Nanos.instant(freeAt));
  }

  /** Tells what it is that stops one who waits here. */
  void tell(Waiter waiter, long now) {
    if (!waiter.expectsAnswer) {
      long freeAt = freeAt(waiter, now);
      Instant at = freeAt == Room.NEVER ? null : Nanos.instant(Math.max(freeAt, now));
      String what = Limits.waitingFor(limitOf(waiter), waiter.since, at);
      waiter.tell(new Hold.ForLimit(waiter.since, what, at));
    }
  }

  /** Which of the waiter's limits is met at this gate. */
  Limit limitOf(Waiter waiter) {
    for (Limit its : waiter.limits) {
      if (Gates.areSame(its, limit)) {
        return its;
      }
    }
    throw new IllegalStateException("nobody waits before a gate that is not theirs");
  }

  /** What those who stand before it want together. */
  long demand() {
    long demand = 0;
    for (Lane lane : lanes) {
      demand += lane.demand(limit);
    }
    return demand;
  }

  /**
   * Has room fetched for the first of those who stand here, or looks again when there may be some.
   */
  void ring(Timers timers, long now, Runnable action) {
    long at = Room.NEVER;
    if (!lanes.isEmpty()) {
      Waiter first = first().first();
      Limit its = limitOf(first);
      long amount = its.amount(first.tokens);
      room.wanted(amount, its.most(), now);
      at = room.lookAt(amount, its.most(), now);
    }
    // Where there is room, it is somebody else who has to go first, and whose going is an event.
    ringAt(at <= now ? Room.NEVER : at, timers, action);
  }

  /** Rings when time makes room, if it does. */
  private void ringAt(long at, Timers timers, Runnable action) {
    if (alarm != null) {
      if (alarmAt == at) {
        return;
      }
      alarm.callOff();
      alarm = null;
    }
    if (at != Room.NEVER) {
      alarmAt = at;
      alarm = timers.at(Nanos.instant(at), action);
    }
  }

  void rang() {
    alarm = null;
  }

  boolean isIdle(long now) {
    return open == 0 && kept == null && lanes.isEmpty() && room.isEmpty(now);
  }
}
