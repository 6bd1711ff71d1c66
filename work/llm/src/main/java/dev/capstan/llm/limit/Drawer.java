package dev.capstan.llm.limit;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Fetches from the store what the rooms of this process wish for: one thread that takes all wishes
 * of the moment, asks once, and begins again.
 */
final class Drawer implements AutoCloseable {
  /** One asking of the store, and those who wait for it. */
  private static final class Round {
    final CompletableFuture<@Nullable Problem> over = new CompletableFuture<>();
  }

  /** Even who has no time to wait gives the store this long to answer. */
  private static final Duration LEAST = Duration.ofSeconds(1);

  private final Allotments allotments;
  private final Timers timers;
  private final Set<DrawnRoom> due = new LinkedHashSet<>();
  private final Semaphore signal = new Semaphore(0);
  private final Thread thread;
  private Round next = new Round();
  private volatile boolean closed;
  private @Nullable Turnstile turnstile;

  Drawer(Allotments allotments, Timers timers) {
    this.allotments = allotments;
    this.timers = timers;
    this.thread = Thread.ofVirtual().name("capstan-limits").unstarted(this::run);
  }

  void start(Turnstile gates) {
    turnstile = gates;
    thread.start();
  }

  private Turnstile turnstile() {
    return java.util.Objects.requireNonNull(turnstile);
  }

  /** Has a room's wish fetched; within the turnstile's lock. */
  void ask(DrawnRoom room) {
    due.add(room);
    signal.release();
  }

  /**
   * Fetches what these limits lack for one more call, or waits for it until an instant. Throws a
   * {@link Refusal} of {@code unavailable} when the store is away.
   */
  void fetch(List<Limit> limits, long tokens, Instant until) throws InterruptedException {
    List<Round> joined = new ArrayList<>(1);
    turnstile()
        .locked(now -> {
          boolean lacks = false;
          for (Limit limit : limits) {
            if (turnstile().room(limit) instanceof DrawnRoom room) {
              long amount = Turnstile.amount(limit, tokens);
              room.wanted(amount, limit.most(), now);
              lacks |= room.isDue(now);
            }
          }
          if (lacks) {
            joined.add(next);
          }
        });
    for (Round round : joined) {
      await(round, until);
    }
  }

  private void await(Round round, Instant until) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    var _ = round.over.whenComplete((_, _) -> over.countDown());
    Timers.Alarm late = timers.at(until.plus(LEAST), over::countDown);
    try {
      over.await();
    } finally {
      late.callOff();
    }
    Problem away = round.over.getNow(null);
    if (away != null) {
      throw away.refusal();
    }
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
      // Nobody fetches any more, so that whoever comes now is refused and does not wait for ever.
      turnstile()
          .locked(now ->
              next.over.complete(Problem.of(ProblemCode.UNAVAILABLE, "the limits are closed")));
    }
  }

  private void round() {
    List<DrawnRoom> rooms = new ArrayList<>();
    List<Allotments.Wish> wishes = new ArrayList<>();
    Round[] round = new Round[1];
    long[] askedAt = new long[1];
    turnstile()
        .locked(now -> {
          for (DrawnRoom room : due) {
            if (room.isDue(now)) {
              rooms.add(room);
              wishes.add(room.wish(now));
            }
          }
          due.clear();
          round[0] = next;
          next = new Round();
          askedAt[0] = now;
        });
    @Nullable Problem away = null;
    try {
      away = rooms.isEmpty() ? null : draw(rooms, wishes, askedAt[0]);
    } finally {
      round[0].over.complete(away);
    }
    for (DrawnRoom room : rooms) {
      turnstile().reconsider(room.limit());
    }
  }

  private @Nullable Problem draw(
      List<DrawnRoom> rooms, List<Allotments.Wish> wishes, long askedAt) {
    try {
      List<Allotments.Grant> grants = allotments.draw(wishes);
      turnstile()
          .locked(now -> {
            for (int i = 0; i < rooms.size(); i++) {
              DrawnRoom room = rooms.get(i);
              long until = room.granted(wishes.get(i), grants.get(i), askedAt, now);
              if (until > 0) {
                var _ = timers.at(Nanos.instant(until), () -> giveBack(room));
              }
            }
          });
      return null;
    } catch (Refusal refusal) {
      turnstile()
          .locked(now -> {
            for (int i = 0; i < rooms.size(); i++) {
              rooms.get(i).failed(wishes.get(i), now);
            }
          });
      return refusal.problem();
    }
  }

  private void giveBack(DrawnRoom room) {
    turnstile()
        .locked(now -> {
          if (room.isDue(now)) {
            ask(room);
          }
        });
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
