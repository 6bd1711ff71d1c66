package dev.capstan.journal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What could go on: the steps that are ready, by priority and then place, and what becomes due, by
 * time.
 */
final class Frontier {
  /** The run's own deadline has no step. */
  private record Due(Instant at, long key) {}

  private final TreeMap<Long, StepState> ready = new TreeMap<>();
  private final TreeMap<Due, StepState> due =
      new TreeMap<>(Comparator.comparing(Due::at).thenComparingLong(Due::key));

  /** Higher priorities first, then the plan's order, then the items' order. */
  private static long key(StepState state) {
    return ((long) (100 - state.step().priority()) << 48)
        | ((long) state.index << 24)
        | (state.ref().item() + 1);
  }

  void ready(StepState state) {
    ready.put(key(state), state);
  }

  void notReady(StepState state) {
    ready.remove(key(state));
  }

  Collection<StepState> ready() {
    return Collections.unmodifiableCollection(ready.values());
  }

  boolean hasReady() {
    return !ready.isEmpty();
  }

  void due(@Nullable Instant at, StepState state) {
    if (at != null) {
      due.put(new Due(at, key(state)), state);
    }
  }

  void notDue(@Nullable Instant at, StepState state) {
    if (at != null) {
      due.remove(new Due(at, key(state)));
    }
  }

  List<StepState> dueBy(Instant now) {
    List<StepState> found = new ArrayList<>();
    for (var entry : due.entrySet()) {
      if (entry.getKey().at().isAfter(now)) {
        break;
      }
      found.add(entry.getValue());
    }
    return found;
  }

  @Nullable Instant nextDue() {
    return due.isEmpty() ? null : due.firstKey().at();
  }

  void clear() {
    ready.clear();
    due.clear();
  }
}
