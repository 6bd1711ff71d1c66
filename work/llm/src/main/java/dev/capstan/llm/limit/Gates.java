package dev.capstan.llm.limit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The gates by what they limit; those that nobody needs any more are forgotten now and then. */
final class Gates {
  private static final int MANY = 1_024;

  private record Name(String key, Limit.Unit unit, long window) {}

  private final Function<Limit, Room> rooms;
  private final Map<Name, Gate> gates = new HashMap<>();
  private int sweepAt = MANY;

  Gates(Function<Limit, Room> rooms) {
    this.rooms = rooms;
  }

  private static Name name(Limit limit) {
    return new Name(limit.key(), limit.unit(), limit.window().toNanos());
  }

  /** Whether both count the same, however much they allow. */
  static boolean areSame(Limit one, Limit other) {
    return name(one).equals(name(other));
  }

  /** One for each limit, in their order. */
  List<Gate> of(List<Limit> limits, long now) {
    if (gates.size() > sweepAt) {
      gates.values().removeIf(gate -> gate.isIdle(now));
      sweepAt = Math.max(MANY, 2 * gates.size());
    }
    List<Gate> found = new ArrayList<>(limits.size());
    limits.forEach(limit -> found.add(of(limit)));
    return found;
  }

  Gate of(Limit limit) {
    return gates.computeIfAbsent(name(limit), _ -> new Gate(limit, rooms.apply(limit)));
  }

  /** Null when nobody came through it of late. */
  @Nullable Gate known(Limit limit) {
    return gates.get(name(limit));
  }
}
