package dev.capstan.llm.limit;

import java.util.LinkedHashSet;
import java.util.List;

/**
 * Those who wait to pass the same gates, in order of arrival. It stands before one of its gates at
 * a time: the one that has no room for its first.
 */
final class Lane {
  final List<Gate> gates;
  final LinkedHashSet<Waiter> waiters = new LinkedHashSet<>();

  /** When its first came. Changes only while it stands before no gate. */
  long order;

  /** Where it stands. */
  Gate at;

  /** How often its first was sent from gate to gate while others went through. */
  int moves;

  Lane(List<Gate> gates, Gate at) {
    this.gates = gates;
    this.at = at;
  }

  Waiter first() {
    return waiters.getFirst();
  }
}
