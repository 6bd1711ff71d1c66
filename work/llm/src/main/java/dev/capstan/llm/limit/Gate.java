package dev.capstan.llm.limit;

import dev.capstan.kernel.time.Timers;
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
    return !room.fits(amount, most, now)
        || (kept != null && kept != lane)
        || (!lanes.isEmpty() && lanes.first().order < order);
  }

  /** Rings when time makes room, if it does. */
  void ringAt(long at, Timers timers, Runnable action) {
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
