package dev.capstan.llm.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.time.ClockTimers;
import dev.capstan.kernel.time.Timers;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Calls of several gateways at once, over one store of budgets, to vendors that answer, refuse,
 * break off and fall silent, by callers who leave, in processes that die: whatever happens, in
 * whatever order, the vendors never billed more than a budget, and the books agree with the bills.
 */
class GatewayLaws {
  private static final int SCHEDULES = Boolean.getBoolean("capstan.long") ? 1_000_000 : 4_000;

  /** A world waits more than it works. */
  private static final int AT_ONCE = 48;

  private final GatewayWorld.Tale all = new GatewayWorld.Tale();
  private final AtomicInteger next = new AtomicInteger();

  @Test
  void whatever_happens_no_budget_is_passed_and_the_books_are_the_vendors_bills() throws Exception {
    try (ClockTimers timers = ClockTimers.start(InstantSource.system())) {
      List<FutureTask<Void>> lines = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        FutureTask<Void> line = new FutureTask<>(() -> live(timers), null);
        lines.add(line);
        Thread.ofVirtual().start(line);
      }
      for (FutureTask<Void> line : lines) {
        result(line);
      }
    }
    System.out.printf("figure: %d schedules, %s%n", SCHEDULES, all);
    assertThat(all.affordable.get() * 50)
        .as("refused though affordable")
        .isLessThanOrEqualTo(all.calls.get());
    assertThat(all.answered.get()).as("answered").isGreaterThan(SCHEDULES);
  }

  private static void result(FutureTask<Void> line) throws InterruptedException {
    try {
      line.get();
    } catch (ExecutionException failed) {
      throw new AssertionError(failed.getCause());
    }
  }

  private void live(Timers timers) {
    for (int seed = next.incrementAndGet(); seed <= SCHEDULES; seed = next.incrementAndGet()) {
      GatewayWorld world = new GatewayWorld(seed, timers, all);
      try {
        world.live();
        world.end();
      } catch (InterruptedException | RuntimeException | AssertionError broken) {
        next.set(SCHEDULES);
        throw new AssertionError("seed " + seed, broken);
      }
    }
  }
}
