package dev.capstan.bench;

import dev.capstan.engine.Submission;
import dev.capstan.kernel.Json;
import dev.capstan.plan.Plan;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The four-step DAG, three parallel steps and one that joins them, in a closed loop. */
final class DagBench {
  private static final Plan PLAN =
      Plan.named("four")
          .step("a", "echo", Map.of("n", 1))
          .step("b", "echo", Map.of("n", 2))
          .step("c", "echo", Map.of("n", 3))
          .step(
              "d",
              "echo",
              Map.of(
                  "sum",
                  "${steps.a.output.n}",
                  "b",
                  "${steps.b.output.n}",
                  "c",
                  "${steps.c.output.n}"))
          .output("sum", "${steps.d.output.sum}")
          .build();

  private DagBench() {}

  /**
   * One measurement.
   *
   * @param p50 microseconds from submission to the end
   */
  record Result(int inFlight, long runs, double perSecond, long p50, long p99, Usage used) {
    void print() {
      System.out.printf(
          "capstan   %5d in flight  %8.0f runs/s  p50 %7.2f ms  p99 %7.2f ms  %s%n",
          inFlight, perSecond, p50 / 1e3, p99 / 1e3, used.perRun(runs));
    }
  }

  static Result measure(Bench bench, int inFlight, Duration length) throws Exception {
    LongAdder done = new LongAdder();
    long[] latencies = new long[4_000_000];
    AtomicLong next = new AtomicLong();
    CountDownLatch over = new CountDownLatch(inFlight);
    Usage before = Usage.now(bench.database);
    long end = System.nanoTime() + length.toNanos();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < inFlight; i++) {
        callers.execute(() -> {
          while (System.nanoTime() < end) {
            long start = System.nanoTime();
            bench.run(Submission.of(PLAN, Json.object())).join();
            latencies[(int) (next.getAndIncrement() % latencies.length)] =
                (System.nanoTime() - start) / 1_000;
            done.increment();
          }
          over.countDown();
        });
      }
      over.await();
    }
    Usage used = Usage.now(bench.database).since(before);
    int count = (int) Math.min(next.get(), latencies.length);
    long[] sorted = Arrays.copyOf(latencies, count);
    Arrays.sort(sorted);
    long runs = done.sum();
    return new Result(
        inFlight,
        runs,
        runs * 1e9 / used.nanos(),
        sorted[count / 2],
        sorted[(int) (count * 0.99)],
        used);
  }

  static void main(String[] args) throws Exception {
    int[] levels =
        args.length == 0
            ? new int[] {1, 16, 64, 256, 1024}
            : Arrays.stream(args).mapToInt(Integer::parseInt).toArray();
    try (Bench bench = Bench.inFreshFolder()) {
      measure(bench, 256, Duration.ofSeconds(8));
      for (int level : levels) {
        measure(bench, level, Duration.ofSeconds(6)).print();
      }
    }
  }
}
