package dev.capstan.bench;

import dev.capstan.engine.EngineLimits;
import dev.capstan.engine.Submission;
import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.Json;
import dev.capstan.plan.Effect;
import dev.capstan.plan.Plan;
import dev.capstan.plan.ToolSpec;
import dev.capstan.postgres.Database;
import dev.capstan.tools.Echo;
import dev.capstan.tools.ToolRegistry;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Takes up the runs that a killed process left. Two processes on one folder: {@code fill} makes
 * runs and kills itself without a word, {@code take} starts afresh on what it left.
 */
final class RecoveryBench {
  /** Runs at work when the process dies; those behind them have not begun. */
  private static final int AT_WORK = EngineLimits.defaults().maxConcurrentRuns();

  private static final Plan HOLDS =
      Plan.named("holds")
          .step("hold", "hold", Map.of("n", 1))
          .step("a", "echo", Map.of("n", "${steps.hold.output.n}"))
          .step("b", "echo", Map.of("n", "${steps.hold.output.n}"))
          .step("c", "echo", Map.of("a", "${steps.a.output.n}", "b", "${steps.b.output.n}"))
          .build();

  private RecoveryBench() {}

  /** Keeps its run busy until the latch opens. */
  private record Hold(CountDownLatch open) implements Tool {
    @Override
    public ToolSpec spec() {
      return new ToolSpec(
          "hold", "Holds its run.", Json.object(), Json.object(), Effect.IDEMPOTENT);
    }

    @Override
    public Outcome call(ToolCall call) throws InterruptedException {
      open.await();
      return Outcome.completed(call.input());
    }
  }

  private static Bench.Setup setup(CountDownLatch open, Count events) {
    return Bench.Setup.of(ToolRegistry.of(new Echo(), new Hold(open))).heardBy(events::hear);
  }

  private static void fill(Database database, int runs) throws Exception {
    int waiting = runs * 9 / 10;
    Count asked = new Count(RunEvent.StepWaiting.class, new CountDownLatch(waiting));
    Bench bench = new Bench(database, setup(new CountDownLatch(1), asked));
    long start = System.nanoTime();
    submit(bench, IdleBench.WAITS, waiting);
    asked.left().await();
    submit(bench, HOLDS, runs - waiting);
    System.out.printf(
        "capstan   %,d runs made in %.1f s: %,d wait for an approval, %d at work, %,d not begun%n",
        runs, (System.nanoTime() - start) / 1e9, waiting, AT_WORK, runs - waiting - AT_WORK);
    System.out.flush();
    Runtime.getRuntime().halt(0);
  }

  private static void submit(Bench bench, Plan plan, int runs) throws InterruptedException {
    Semaphore inFlight = new Semaphore(2_048);
    AtomicInteger refused = new AtomicInteger();
    AtomicReference<Throwable> last = new AtomicReference<>();
    for (int i = 0; i < runs; i++) {
      inFlight.acquire();
      var _ =
          bench
              .submit(Submission.of(plan, Json.object()))
              .whenComplete((run, broken) -> {
                if (broken != null) {
                  refused.incrementAndGet();
                  last.set(broken);
                }
                inFlight.release();
              });
    }
    inFlight.acquire(2_048);
    if (refused.get() > 0) {
      throw new IllegalStateException(refused + " runs were not accepted", last.get());
    }
  }

  private static double heapMegabytes() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
  }

  /** Opens when so many events of a kind are durable. */
  private record Count(Class<? extends RunEvent> kind, CountDownLatch left) {
    void hear(List<Recorded> batch) {
      for (Recorded recorded : batch) {
        if (kind.isInstance(recorded.event())) {
          left.countDown();
        }
      }
    }
  }

  private static void take(Database database, long launched, int runs, Targets targets)
      throws Exception {
    CountDownLatch open = new CountDownLatch(1);
    Count claims = new Count(RunEvent.RunClaimed.class, new CountDownLatch(runs));
    double before = heapMegabytes();
    Usage start = Usage.now(database, Usage.OURS);
    System.out.printf("capstan   database back after %.1f s%n", (start.nanos() - launched) / 1e9);
    try (Bench bench = new Bench(database, setup(open, claims))) {
      boolean all = claims.left().await(5, TimeUnit.MINUTES);
      while (bench.engine.status().recovering()) {
        Thread.onSpinWait();
      }
      Usage used = Usage.now(database, Usage.OURS).since(start);
      if (!all) {
        throw new IllegalStateException(claims.left().getCount() + " runs were not claimed");
      }
      bench.settle();
      double seconds = used.nanos() / 1e9;
      System.out.printf(
          "capstan   %,d runs claimed in %.1f s; heap %.0f MB before, %.0f MB after; %s%n",
          runs, seconds, before, heapMegabytes(), status(bench));
      System.out.println("capstan   a run: " + used.perRun(runs));
      targets.atMost("s until " + runs + " unfinished runs are claimed", seconds, 30);
      open.countDown();
    }
  }

  private static String status(Bench bench) {
    var status = bench.engine.status();
    return "%,d in memory, %d at work, %,d queued"
        .formatted(status.live(), status.active(), status.queued());
  }

  /** {@code fill|take FOLDER [RUNS] [--assert]}. */
  static void main(String[] args) throws Exception {
    Path home = Path.of(args[1]);
    int runs = Targets.numbers(Arrays.copyOfRange(args, 2, args.length), 100_000)[0];
    if (args[0].equals("fill")) {
      Places.withDatabase(home, database -> fill(database, runs));
      return;
    }
    Targets targets = new Targets();
    long launched = System.nanoTime();
    Places.withDatabase(home, database -> take(database, launched, runs, targets));
    targets.conclude(args);
  }
}
