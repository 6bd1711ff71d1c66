package dev.capstan.engine;

import java.time.Duration;
import java.time.Instant;

/**
 * A circuit breaker: five failures in a row open it, sixty seconds later it lets a few calls try,
 * three successes close it, and any failure among them opens it again.
 */
final class Breaker {
  static final int FAILURES_TO_OPEN = 5;
  static final int SUCCESSES_TO_CLOSE = 3;
  static final Duration OPEN_FOR = Duration.ofSeconds(60);

  /** Each state has only its own moves. */
  sealed interface State {
    record Closed(int failures) implements State {}

    record Open(Instant since, Instant halfOpenAt) implements State {}

    record HalfOpen(Instant since, int trying, int successes) implements State {}
  }

  private State state = new State.Closed(0);

  synchronized State state() {
    return state;
  }

  /**
   * Whether a call may be made now; every permitted call must be answered by {@link #succeeded},
   * {@link #failed} or {@link #left}.
   */
  synchronized boolean permits(Instant now) {
    if (state instanceof State.Open open && !now.isBefore(open.halfOpenAt())) {
      state = new State.HalfOpen(now, 0, 0);
    }
    return switch (state) {
      case State.Closed closed -> true;
      case State.Open open -> false;
      case State.HalfOpen half -> {
        boolean room = half.trying() + half.successes() < SUCCESSES_TO_CLOSE;
        if (room) {
          state = new State.HalfOpen(half.since(), half.trying() + 1, half.successes());
        }
        yield room;
      }
    };
  }

  synchronized void succeeded() {
    switch (state) {
      case State.Closed closed -> state = closed.failures() == 0 ? closed : new State.Closed(0);
      case State.Open open -> {}
      case State.HalfOpen half ->
          state =
              half.successes() + 1 >= SUCCESSES_TO_CLOSE
                  ? new State.Closed(0)
                  : new State.HalfOpen(
                      half.since(), Math.max(0, half.trying() - 1), half.successes() + 1);
    }
  }

  synchronized void failed(Instant now) {
    switch (state) {
      case State.Closed closed ->
          state =
              closed.failures() + 1 >= FAILURES_TO_OPEN
                  ? new State.Open(now, now.plus(OPEN_FOR))
                  : new State.Closed(closed.failures() + 1);
      case State.Open open -> {}
      case State.HalfOpen half -> state = new State.Open(now, now.plus(OPEN_FOR));
    }
  }

  /**
   * The call ended in a way that says nothing about the tool, such as a cancellation or a caller's
   * mistake.
   */
  synchronized void left() {
    if (state instanceof State.HalfOpen half) {
      state = new State.HalfOpen(half.since(), Math.max(0, half.trying() - 1), half.successes());
    }
  }
}
