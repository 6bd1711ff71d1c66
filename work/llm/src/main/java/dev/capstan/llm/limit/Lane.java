package dev.capstan.llm.limit;

import java.util.LinkedHashSet;
import java.util.List;

/**
 * Those who wait to pass the same gates, in order of arrival. It stands before one of its gates at
 * a time: the one that has no room for its first.
 */
final class Lane {
  final List<Gate> gates;
  private final LinkedHashSet<Waiter> waiters = new LinkedHashSet<>();
  private long tokens;

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

  boolean isEmpty() {
    return waiters.isEmpty();
  }

  void add(Waiter waiter) {
    waiters.add(waiter);
    tokens += waiter.tokens;
  }

  /** False when it does not wait here any more. */
  boolean remove(Waiter waiter) {
    boolean was = waiters.remove(waiter);
    tokens -= was ? waiter.tokens : 0;
    return was;
  }

  /** How much of a limit those who wait want together. */
  long demand(Limit limit) {
    return limit.unit() == Limit.Unit.TOKENS ? tokens : waiters.size();
  }
}
