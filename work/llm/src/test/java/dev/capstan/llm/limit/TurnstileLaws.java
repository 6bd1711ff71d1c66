package dev.capstan.llm.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.llm.Patience;
import dev.capstan.llm.limit.Limit.Unit;
import dev.capstan.llm.limit.Limiter.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many callers with limits that overlap in every way: all get in, and no limit is broken. */
@Timeout(120)
class TurnstileLaws {
  private static final int CASES = Boolean.getBoolean("capstan.long") ? 100 : 4;
  private static final int CALLERS = 150;

  static LongStream seeds() {
    return LongStream.range(0, CASES);
  }

  private final ManualTimers time = new ManualTimers();
  private final Map<Limit, WatchedRoom.Taken> taken = new HashMap<>();
  private final Turnstile turnstile =
      new Turnstile(
          time,
          time,
          limit ->
              new WatchedRoom(
                  MemoryLimiter.room(limit),
                  taken.computeIfAbsent(limit, _ -> new WatchedRoom.Taken())));

  private static List<Limit> limits(Random dice) {
    List<Limit> limits = new ArrayList<>();
    int tenant = dice.nextInt(4);
    limits.add(new Limit("tenant " + tenant, Unit.REQUESTS, 2 + tenant, Duration.ofSeconds(10)));
    if (dice.nextBoolean()) {
      int agent = dice.nextInt(6);
      limits.add(new Limit("agent " + agent, Unit.CONCURRENT, 1 + agent % 2, Duration.ZERO));
    }
    int provider = dice.nextInt(2);
    limits.add(new Limit("provider " + provider, Unit.TOKENS, 1_000, Duration.ofSeconds(5)));
    limits.add(new Limit("provider " + provider, Unit.REQUESTS, 20, Duration.ofSeconds(7)));
    return limits;
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyone_gets_in_and_no_limit_is_broken(long seed) throws Exception {
    Random dice = new Random(seed);
    Instant never = time.instant().plus(Duration.ofHours(1));
    BlockingQueue<Entry> ended = new LinkedBlockingQueue<>();
    for (int i = 0; i < CALLERS; i++) {
      List<Limit> limits = limits(dice);
      long tokens = dice.nextLong(1, 400);
      Duration busy = Duration.ofMillis(dice.nextLong(3_000));
      Thread.ofVirtual()
          .start(() -> {
            try {
              Entry entry = turnstile.enter(limits, tokens, new Patience(never, _ -> {}));
              if (entry instanceof Entry.Entered entered) {
                CountDownLatch over = new CountDownLatch(1);
                var _ = time.at(time.instant().plus(busy), over::countDown);
                over.await();
                entered.pass().close();
              }
              ended.add(entry);
            } catch (InterruptedException stopped) {
              Thread.currentThread().interrupt();
            }
          });
    }
    int in = 0;
    while (in < CALLERS) {
      Entry entry = ended.poll(2, TimeUnit.MILLISECONDS);
      if (entry != null) {
        assertThat(entry).isInstanceOf(Entry.Entered.class);
        in++;
      } else {
        time.advance(Duration.ofMillis(200), () -> {});
        assertThat(time.instant()).as("somebody waits for ever").isBefore(never);
      }
    }
    taken.forEach(TurnstileLaws::assertKept);
  }

  private static void assertKept(Limit limit, WatchedRoom.Taken taken) {
    if (limit.unit() != Unit.CONCURRENT) {
      assertThat(taken.mostIn(limit.window().toNanos()))
          .as("%s", limit)
          .isLessThanOrEqualTo(limit.most());
    }
  }
}
