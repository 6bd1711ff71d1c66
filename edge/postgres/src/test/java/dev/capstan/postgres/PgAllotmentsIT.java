package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.time.ClockTimers;
import dev.capstan.kernel.time.Timers;
import dev.capstan.llm.Patience;
import dev.capstan.llm.limit.Allotments;
import dev.capstan.llm.limit.Allotments.Grant;
import dev.capstan.llm.limit.Allotments.Wish;
import dev.capstan.llm.limit.Limit;
import dev.capstan.llm.limit.Limit.Unit;
import dev.capstan.llm.limit.Limiter.Entry;
import dev.capstan.llm.limit.SharedLimiter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two limiters on one database, as two processes have them. */
@Timeout(60)
class PgAllotmentsIT {
  private static final InstantSource CLOCK = InstantSource.system();
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Database database = TestServer.freshDatabase();
  private final Timers timers = ClockTimers.start(CLOCK);
  private final SharedLimiter one = new SharedLimiter(new PgAllotments(database, 1), timers, CLOCK);
  private final SharedLimiter two = new SharedLimiter(new PgAllotments(database, 2), timers, CLOCK);

  @AfterEach
  void close() {
    one.close();
    two.close();
    timers.close();
    database.close();
  }

  /** When each of those who came in did. */
  private List<Instant> enter(int calls, Limit limit, Duration patience) throws Exception {
    List<Instant> entered = Collections.synchronizedList(new ArrayList<>());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i : IntStream.range(0, calls).toArray()) {
        all.add(
            threads.submit(() -> {
              Patience patient = new Patience(CLOCK.instant().plus(patience), _ -> {});
              SharedLimiter limiter = i % 2 == 0 ? one : two;
              if (limiter.enter(List.of(limit), 1, patient) instanceof Entry.Entered pass) {
                entered.add(CLOCK.instant());
                pass.pass().close();
              }
              return null;
            }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    return entered;
  }

  @Test
  void five_hundred_calls_at_two_processes_are_sixty_in_a_minute() throws Exception {
    Limit limit = new Limit("provider a", Unit.REQUESTS, 60, MINUTE);
    assertThat(enter(500, limit, Duration.ofSeconds(5))).hasSize(60);
  }

  @Test
  void a_window_that_moves_on_admits_the_next() throws Exception {
    Limit limit = new Limit("provider a", Unit.REQUESTS, 20, Duration.ofSeconds(2));
    List<Instant> entered = new ArrayList<>(enter(50, limit, Duration.ofSeconds(20)));
    assertThat(entered).hasSize(50);
    Collections.sort(entered);
    // It was admitted before it is seen here, by a little: so the window is looked at a little
    // short.
    for (int i = 20; i < 50; i++) {
      assertThat(Duration.between(entered.get(i - 20), entered.get(i)))
          .isGreaterThan(Duration.ofMillis(1_800));
    }
  }

  @Test
  void what_was_not_used_is_given_back_and_what_was_owed_counts() {
    Allotments store = new PgAllotments(database, 1);
    Limit limit = new Limit("tenant x", Unit.TOKENS, 100, MINUTE);
    Duration valid = Duration.ofMillis(400);
    Grant first = store.draw(List.of(new Wish(limit, 80, valid, Map.of(), 0))).getFirst();
    assertThat(first.amount()).isEqualTo(80);
    assertThat(first.freeIn()).isZero();
    Grant second = store.draw(List.of(new Wish(limit, 80, valid, Map.of(), 0))).getFirst();
    assertThat(second.amount()).isEqualTo(20);
    assertThat(second.freeIn()).isBetween(Duration.ofSeconds(55), Duration.ofSeconds(62));
    Grant third =
        store.draw(List.of(new Wish(limit, 80, valid, Map.of(first.lot(), 30L), 10))).getFirst();
    assertThat(third.amount()).isEqualTo(20);
  }

  @Test
  void what_comes_free_is_for_whoever_waited_longest() {
    Allotments first = new PgAllotments(database, 1);
    Allotments second = new PgAllotments(database, 2);
    Limit limit = new Limit("tenant x", Unit.REQUESTS, 10, MINUTE);
    Grant all = draw(first, limit, 10, Map.of());
    assertThat(draw(second, limit, 6, Map.of()).amount()).isZero();
    Grant none = draw(first, limit, 5, Map.of(all.lot(), 8L));
    assertThat(none.amount()).as("six of the eight are the second's").isEqualTo(2);
    assertThat(none.freeIn()).isLessThan(Duration.ofSeconds(1));
    assertThat(draw(second, limit, 6, Map.of()).amount()).isEqualTo(6);
    assertThat(draw(first, limit, 3, Map.of()).amount()).isZero();
  }

  private static Grant draw(Allotments store, Limit limit, long amount, Map<Long, Long> back) {
    return store.draw(List.of(new Wish(limit, amount, Duration.ofMillis(400), back, 0))).getFirst();
  }
}
