package dev.capstan.llm.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.llm.Patience;
import dev.capstan.llm.limit.Limit.Unit;
import dev.capstan.llm.limit.Limiter.Entry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No window, wherever it begins, holds more than the limit; and hardly less than it could. */
class LimiterLaws {
  private static final int CASES = Boolean.getBoolean("capstan.long") ? 20_000 : 200;

  static LongStream seeds() {
    return LongStream.range(0, CASES);
  }

  private record Admitted(long at, long amount) {}

  /** Keeps every entry and sums them up each time. */
  private static final class Naive {
    final List<Admitted> all = new ArrayList<>();
    final long most;
    final long window;
    int oldest;
    long sum;

    Naive(long most, long window) {
      this.most = most;
      this.window = window;
    }

    boolean admit(long at, long amount) {
      while (oldest < all.size() && all.get(oldest).at() + window <= at) {
        sum -= all.get(oldest++).amount();
      }
      if (sum + amount > most) {
        return false;
      }
      sum += amount;
      return all.add(new Admitted(at, amount));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void no_window_holds_more_than_the_limit_and_98_percent_are_usable(long seed) throws Exception {
    Random dice = new Random(seed);
    long most = 1L << dice.nextInt(1, 17);
    Duration window = Duration.ofMillis(1L << dice.nextInt(6, 22));
    boolean tokens = dice.nextBoolean() && most >= 1_024;
    long largest = tokens ? Math.max(1, most / 512) : 1;
    Limit limit = new Limit("it", tokens ? Unit.TOKENS : Unit.REQUESTS, most, window);
    ManualTimers time = new ManualTimers();
    Limiter limiter = new MemoryLimiter(time, time);
    Naive naive = new Naive(most, window.toNanos());
    List<Admitted> admitted = new ArrayList<>();
    // More is always wanted than may be, now evenly, now in bursts.
    long perArrival = (largest + 1) / 2;
    long gap = Math.max(1, window.toNanos() * perArrival / most / 2);
    boolean bursts = dice.nextBoolean();
    long arrivals = Math.min(40_000, 10 * most / perArrival);
    for (long i = 0; i < arrivals; i++) {
      boolean pause = bursts && dice.nextInt(1_000) == 0;
      long step = pause ? dice.nextLong(window.toNanos()) : bursts ? dice.nextLong(2) : 2 * gap;
      time.advance(Duration.ofNanos(dice.nextLong(step + 1)), () -> {});
      long amount = tokens ? dice.nextLong(1, largest + 1) : 1;
      long now = Nanos.of(time.instant());
      var _ = naive.admit(now, amount);
      Patience none = new Patience(time.instant(), _ -> {});
      if (limiter.enter(List.of(limit), amount, none) instanceof Entry.Entered entered) {
        entered.pass().close();
        admitted.add(new Admitted(now, amount));
      }
    }
    assertNoWindowAbove(admitted, most, window.toNanos());
    long ours = admitted.stream().mapToLong(Admitted::amount).sum();
    long theirs = naive.all.stream().mapToLong(Admitted::amount).sum();
    assertThat(ours)
        .as("%s of %s, %s", ours, theirs, limit)
        .isGreaterThanOrEqualTo(theirs * 98 / 100);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void corrected_tokens_never_fill_a_window_beyond_the_limit(long seed) throws Exception {
    Random dice = new Random(~seed);
    long most = dice.nextLong(1_000, 200_000);
    Limit limit = new Limit("it", Unit.TOKENS, most, Duration.ofMinutes(1));
    ManualTimers time = new ManualTimers();
    Limiter limiter = new MemoryLimiter(time, time);
    List<Admitted> admitted = new ArrayList<>();
    record Open(Limiter.Pass pass, long at, long estimate) {}
    List<Open> open = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      time.advance(Duration.ofMillis(dice.nextLong(1_500)), () -> {});
      long estimate = dice.nextLong(1, most / 10);
      Patience none = new Patience(time.instant(), _ -> {});
      if (limiter.enter(List.of(limit), estimate, none) instanceof Entry.Entered entered) {
        open.add(new Open(entered.pass(), Nanos.of(time.instant()), estimate));
      }
      while (!open.isEmpty() && dice.nextInt(3) == 0) {
        Open one = open.remove(dice.nextInt(open.size()));
        long used = dice.nextLong(one.estimate() + 1);
        one.pass().used(used);
        one.pass().close();
        admitted.add(new Admitted(one.at(), used));
      }
    }
    open.forEach(one -> admitted.add(new Admitted(one.at(), one.estimate())));
    admitted.sort(java.util.Comparator.comparingLong(Admitted::at));
    assertNoWindowAbove(admitted, most, limit.window().toNanos());
  }

  private static void assertNoWindowAbove(List<Admitted> admitted, long most, long window) {
    long sum = 0;
    int first = 0;
    for (Admitted each : admitted) {
      sum += each.amount();
      while (admitted.get(first).at() + window <= each.at()) {
        sum -= admitted.get(first++).amount();
      }
      assertThat(sum).as("window that ends at %s", each.at()).isLessThanOrEqualTo(most);
    }
  }
}
