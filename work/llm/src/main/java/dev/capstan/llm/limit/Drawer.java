package dev.capstan.llm.limit;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.time.Timers;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Fetches from the store what the rooms of this process lack: one thread that asks once for all who
 * wait at the moment, lets through whom the answer has room for, tells the others, and begins
 * again. So nothing is drawn for somebody who has been turned away.
 */
final class Drawer implements AutoCloseable {
  private final Allotments allotments;
  private final Timers timers;
  private final Set<DrawnRoom> due = new LinkedHashSet<>();
  private final Semaphore signal = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;
  private @Nullable Turnstile turnstile;

  /** One asking: who waits for it, and what is wished for in which room. */
  private static final class Round {
    final List<Waiter> askers;
    final List<DrawnRoom> rooms = new ArrayList<>();
    final List<Allotments.Wish> wishes = new ArrayList<>();
    final long askedAt;

    Round(List<Waiter> askers, long askedAt) {
      this.askers = askers;
      this.askedAt = askedAt;
    }

    List<Limit> limits() {
      return rooms.stream().map(DrawnRoom::limit).toList();
    }
  }

  Drawer(Allotments allotments, Timers timers) {
    this.allotments = allotments;
    this.timers = timers;
    this.thread = Thread.ofVirtual().name("capstan-limits").unstarted(this::run);
  }

  void start(Turnstile gates) {
    turnstile = gates;
    thread.start();
  }

  boolean isClosed() {
    return closed;
  }

  private Turnstile turnstile() {
    return Objects.requireNonNull(turnstile);
  }

  /** Has a room's wish fetched; within the turnstile's lock. */
  void ask(DrawnRoom room) {
    due.add(room);
    signal.release();
  }

  private void run() {
    try {
      while (!closed) {
        signal.acquire();
        signal.drainPermits();
        round();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      // Nobody asks any more: whoever comes now is refused and does not wait for ever.
      closed = true;
      Problem end = Problem.of(ProblemCode.UNAVAILABLE, "the limits are closed");
      var _ = turnstile().locked(now -> answered(new Round(turnstile().newcomers(), now), end));
    }
  }

  private void round() {
    Round round = turnstile().locked(this::begin);
    if (round.rooms.isEmpty()) {
      var _ = turnstile().locked(_ -> answered(round, null));
      return;
    }
    try {
      List<Allotments.Grant> grants = allotments.draw(round.wishes);
      var _ = turnstile().locked(now -> granted(round, grants, now));
    } catch (Refusal away) {
      var _ = turnstile().locked(now -> failed(round, away.problem(), now));
    }
  }

  private Round begin(long now) {
    Round round = new Round(turnstile().newcomers(), now);
    for (DrawnRoom room : due) {
      Allotments.Wish wish = room.wish(turnstile().demand(room.limit(), round.askers), now);
      if (wish != null) {
        round.rooms.add(room);
        round.wishes.add(wish);
      }
    }
    due.clear();
    return round;
  }

  private Round granted(Round round, List<Allotments.Grant> grants, long now) {
    for (int i = 0; i < round.rooms.size(); i++) {
      DrawnRoom room = round.rooms.get(i);
      long until = room.granted(round.wishes.get(i), grants.get(i), round.askedAt, now);
      if (until > 0) {
        var _ = timers.at(Nanos.instant(until), () -> giveBack(room));
      }
    }
    return answered(round, null);
  }

  private Round failed(Round round, Problem away, long now) {
    for (int i = 0; i < round.rooms.size(); i++) {
      round.rooms.get(i).failed(round.wishes.get(i), now);
    }
    return answered(round, away);
  }

  private Round answered(Round round, @Nullable Problem away) {
    turnstile().answered(round.askers, round.limits(), away);
    return round;
  }

  private void giveBack(DrawnRoom room) {
    var _ =
        turnstile()
            .locked(now -> {
              boolean isDue = room.isDue(now);
              if (isDue) {
                ask(room);
              }
              return isDue;
            });
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
