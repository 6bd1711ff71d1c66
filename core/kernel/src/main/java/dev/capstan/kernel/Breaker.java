package dev.capstan.kernel;

import java.time.Duration;
import java.time.Instant;

/**
 * A circuit breaker: so many failures in a row open it, a while later it lets a few calls try, so
 * many successes close it, and any failure among them opens it again.
 */
public final class Breaker {
  /**
   * When it opens and closes.
   *
   * @param failures in a row that open it, at least 1
   * @param openFor how long it stays open before it lets a few try
   * @param successes that close it, and how many may try at once, at least 1
   */
  public record Rules(int failures, Duration openFor, int successes) {
    /** Five failures, sixty seconds, three successes. */
    public static final Rules DEFAULT = new Rules(5, Duration.ofSeconds(60), 3);
  }

  /** Each state has only its own moves. */
  public sealed interface State {
    record Closed(int failures) implements State {}

    record Open(Instant since, Instant halfOpenAt) implements State {}

    record HalfOpen(Instant since, int trying, int successes) implements State {}
  }

  private final Rules rules;
  private State state = new State.Closed(0);

  public Breaker() {
    this(Rules.DEFAULT);
  }

  public Breaker(Rules rules) {
    this.rules = rules;
  }

  public synchronized State state() {
    return state;
  }

  /**
   * Whether a call may be made now; every permitted call must be answered by {@link #succeeded},
   * {@link #failed}, {@link #trip} or {@link #left}.
   */
  public synchronized boolean permits(Instant now) {
    if (state instanceof State.Open open && !now.isBefore(open.halfOpenAt())) {
      state = new State.HalfOpen(now, 0, 0);
    }
    return switch (state) {
      case State.Closed closed -> true;
      case State.Open open -> false;
      case State.HalfOpen half -> {
        boolean room = half.trying() + half.successes() < rules.successes();
        if (room) {
          state = new State.HalfOpen(half.since(), half.trying() + 1, half.successes());
        }
        yield room;
      }
    };
  }

  public synchronized void succeeded() {
    switch (state) {
      case State.Closed closed -> state = closed.failures() == 0 ? closed : new State.Closed(0);
      case State.Open open -> {}
      case State.HalfOpen half ->
          state =
              half.successes() + 1 >= rules.successes()
                  ? new State.Closed(0)
                  : new State.HalfOpen(
                      half.since(), Math.max(0, half.trying() - 1), half.successes() + 1);
    }
  }

  public synchronized void failed(Instant now) {
    switch (state) {
      case State.Closed closed -> {
        if (closed.failures() + 1 >= rules.failures()) {
          open(now);
        } else {
          state = new State.Closed(closed.failures() + 1);
        }
      }
      case State.Open open -> {}
      case State.HalfOpen half -> open(now);
    }
  }

  /** A failure that asking again cannot mend, such as an unpaid bill: one is enough to open it. */
  public synchronized void trip(Instant now) {
    open(now);
  }

  /**
   * The call ended in a way that says nothing about whom it asked, such as a cancellation or a
   * caller's mistake.
   */
  public synchronized void left() {
    if (state instanceof State.HalfOpen half) {
      state = new State.HalfOpen(half.since(), Math.max(0, half.trying() - 1), half.successes());
    }
  }

  private void open(Instant now) {
    state = new State.Open(now, now.plus(rules.openFor()));
  }
}
