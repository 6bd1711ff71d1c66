package dev.capstan.llm.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.llm.Patience;
import dev.capstan.llm.limit.Limit.Unit;
import dev.capstan.llm.limit.Limiter.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Three processes that keep a limit together, with callers who come when they like, leave, use less
 * than they said or never call: over all of them no window holds more than the limit, wherever it
 * begins; and while somebody waits, hardly any of it is left unused.
 */
@Timeout(300)
class SharedLimiterLaws {
  private static final int CASES = Boolean.getBoolean("capstan.long") ? 60 : 3;
  private static final Duration WINDOW = Duration.ofSeconds(20);
  private static final Duration TICK = Duration.ofMillis(25);
  private static final double USABLE = 0.98;

  static LongStream seeds() {
    return LongStream.range(0, CASES);
  }

  private final ManualTimers time = new ManualTimers();
  private final Map<Limit, WatchedRoom.Taken> taken = new ConcurrentHashMap<>();
  private final MemoryAllotments store = new MemoryAllotments(time);
  private final Set<Thread> drawers = ConcurrentHashMap.newKeySet();
  private final List<Thread> callers = new ArrayList<>();
  private final List<SharedLimiter> processes =
      IntStream.range(0, 3)
          .mapToObj(i -> new SharedLimiter(heard(store.of(i)), time, time, this::watched))
          .toList();
  private final BlockingQueue<Boolean> ended = new LinkedBlockingQueue<>();

  @AfterEach
  void close() {
    processes.forEach(SharedLimiter::close);
  }

  private Allotments heard(Allotments allotments) {
    return wishes -> {
      drawers.add(Thread.currentThread());
      return allotments.draw(wishes);
    };
  }

  private Room watched(Limit limit, Room room) {
    return new WatchedRoom(room, taken.computeIfAbsent(limit, _ -> new WatchedRoom.Taken()));
  }

  private Thread call(int process, List<Limit> limits, long tokens, Patience patience, long uses) {
    Thread caller =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Entry entry = processes.get(process).enter(limits, tokens, patience);
                if (entry instanceof Entry.Entered(Limiter.Pass pass)) {
                  if (uses == 0) {
                    pass.unused();
                  } else {
                    pass.used(uses);
                    pass.close();
                  }
                }
                ended.add(entry instanceof Entry.Entered);
              } catch (InterruptedException left) {
                ended.add(false);
              }
            });
    callers.add(caller);
    return caller;
  }

  /** Lets everybody do what they can, however busy the machine is; then time goes on. */
  private int tick() throws InterruptedException {
    int done = 0;
    // Twice, for one look misses whoever was woken up after it was looked at.
    for (int looks = 0; looks < 2; ) {
      if (ended.poll(500, TimeUnit.MICROSECONDS) != null) {
        done++;
        looks = 0;
      } else {
        looks = everybodyWaits() ? looks + 1 : 0;
      }
    }
    callers.removeIf(caller -> !caller.isAlive());
    time.advance(TICK, () -> {});
    return done;
  }

  private boolean everybodyWaits() {
    return Stream.concat(drawers.stream(), callers.stream())
        .map(Thread::getState)
        .noneMatch(state -> state == Thread.State.RUNNABLE || state == Thread.State.BLOCKED);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void no_window_over_all_processes_holds_more_than_the_limit(long seed) throws Exception {
    Random dice = new Random(seed);
    Limit tokens = new Limit("provider a", Unit.TOKENS, 1_000, WINDOW);
    Limit requests = new Limit("provider a", Unit.REQUESTS, 30, WINDOW);
    Limit tenant = new Limit("tenant x", Unit.REQUESTS, 15, WINDOW);
    List<Thread> waiting = new ArrayList<>();
    int calls = 0;
    int done = 0;
    for (int i = 0; i < 1_200 || done < calls; i++) {
      for (int more = i < 1_200 ? dice.nextInt(4) - 2 : 0; more > 0; more--) {
        List<Limit> limits =
            dice.nextBoolean() ? List.of(tenant, requests, tokens) : List.of(requests, tokens);
        long estimate = dice.nextLong(1, 120);
        Duration patience = Duration.ofMillis(dice.nextInt(3) * dice.nextLong(5_000));
        Patience until = new Patience(time.instant().plus(patience), _ -> {});
        long uses = dice.nextInt(10) == 0 ? 0 : dice.nextLong(1, estimate + 1);
        waiting.add(call(dice.nextInt(3), limits, estimate, until, uses));
        calls++;
      }
      if (dice.nextInt(20) == 0 && !waiting.isEmpty()) {
        waiting.remove(dice.nextInt(waiting.size())).interrupt();
      }
      done += tick();
    }
    assertThat(taken).containsKeys(tokens, requests, tenant);
    taken.forEach(SharedLimiterLaws::assertKept);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void what_is_wanted_is_used(long seed) throws Exception {
    Random dice = new Random(seed);
    Limit limit = new Limit("provider a", Unit.REQUESTS, 40, WINDOW);
    int windows = 4;
    Patience patience = new Patience(time.instant().plus(Duration.ofHours(1)), _ -> {});
    Instant begin = time.instant();
    int calls = (int) limit.most() * (windows + 1);
    for (int i = 0; i < calls; i++) {
      call(dice.nextInt(3), List.of(limit), 1, patience, 1);
    }
    for (int done = 0; done < calls; ) {
      done += tick();
    }
    WatchedRoom.Taken all = taken.get(limit);
    assertKept(limit, all);
    assertThat(all.sum()).isEqualTo(calls);
    Instant last = Nanos.instant(all.last());
    Duration ideal = WINDOW.multipliedBy(windows);
    double usable = (double) ideal.toMillis() / Duration.between(begin, last).toMillis();
    assertThat(usable).as("usable").isGreaterThanOrEqualTo(USABLE);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void a_process_with_few_callers_is_not_starved_by_one_with_many(long seed) throws Exception {
    Limit limit = new Limit("provider a", Unit.REQUESTS, 20, WINDOW);
    Patience patience = new Patience(time.instant().plus(Duration.ofHours(1)), _ -> {});
    for (int i = 0; i < 200; i++) {
      call(0, List.of(limit), 1, patience, 1);
    }
    for (int ticks = 0; ticks < 100 + seed; ticks++) {
      tick();
    }
    List<Thread> few = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      few.add(call(1, List.of(limit), 1, patience, 1));
    }
    Instant latest = time.instant().plus(WINDOW.multipliedBy(2));
    while (few.stream().anyMatch(Thread::isAlive)) {
      tick();
      assertThat(time.instant()).as("somebody is starved").isBefore(latest);
    }
  }

  private static void assertKept(Limit limit, WatchedRoom.Taken taken) {
    assertThat(taken.mostIn(limit.window().toNanos()))
        .as("%s", limit)
        .isLessThanOrEqualTo(limit.most());
  }
}
