package dev.capstan.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Prompts over HTTP, at a server that is up: as many as it takes, and 1,000 a second. */
final class HttpBench {
  private static final String PROMPT =
      "{\"prompt\":\"add 2 and 3, then multiply the result by 5\"}";
  private static final Duration LENGTH = Duration.ofSeconds(8);
  private static final int RATE = 1_000;

  /** Long enough for a full collection or a checkpoint to count as often as it comes. */
  private static final int RATE_SECONDS = 30;

  private static final int FEWEST_WARM_ROUNDS = 3;
  private static final int MOST_WARM_ROUNDS = 10;

  private final int port;
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();

  HttpBench(int port) {
    this.port = port;
  }

  /** How many runs the server has accepted so far. */
  int accepted() {
    return accepted.get();
  }

  private void submit(HttpCaller caller) throws IOException {
    if (caller.post("/runs", PROMPT).status() == 201) {
      accepted.incrementAndGet();
    } else {
      refused.incrementAndGet();
    }
  }

  /** What the server's own counter says has been completed. */
  private long completed(HttpCaller caller) throws IOException {
    return caller
        .get("/metrics")
        .body()
        .lines()
        .filter(line ->
            line.startsWith("runs_duration_seconds_count") && line.contains("status=\"completed\""))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Callers that submit the next as soon as they have an answer; until the last run has ended. */
  double closedLoop(int callers, Duration length) throws Exception {
    try (HttpCaller watcher = new HttpCaller(port)) {
      long before = completed(watcher);
      int acceptedBefore = accepted.get();
      long start = System.nanoTime();
      long end = start + length.toNanos();
      CountDownLatch over = new CountDownLatch(callers);
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int i = 0; i < callers; i++) {
          threads.execute(() -> {
            try (HttpCaller caller = new HttpCaller(port)) {
              while (System.nanoTime() < end) {
                submit(caller);
              }
            } catch (IOException broken) {
              refused.incrementAndGet();
            } finally {
              over.countDown();
            }
          });
        }
        over.await();
      }
      int mine = accepted.get() - acceptedBefore;
      while (completed(watcher) - before < mine && System.nanoTime() < end + length.toNanos()) {
        LockSupport.parkNanos(10_000_000);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      long ended = completed(watcher) - before;
      System.out.printf(
          "http      %5d callers   %8.0f prompt runs/s finished (%d accepted, %d finished, %d"
              + " refused)%n",
          callers, ended / seconds, mine, ended, refused.get());
      return ended / seconds;
    }
  }

  /** Until the compiler is done, and a round finishes no more than the best before it. */
  private void warmUp() throws Exception {
    double best = 0;
    boolean rises = true;
    for (int i = 0; i < MOST_WARM_ROUNDS && (rises || i < FEWEST_WARM_ROUNDS); i++) {
      double rate = closedLoop(256, LENGTH);
      rises = rate > 1.05 * best;
      best = Math.max(best, rate);
    }
    System.out.println("http      warm");
  }

  /** {@code PORT [--assert]}. */
  static void main(String[] args) throws Exception {
    HttpBench bench = new HttpBench(Targets.numbers(args)[0]);
    Targets targets = new Targets();
    bench.warmUp();
    double best = 0;
    for (int callers : List.of(64, 256)) {
      best = Math.max(best, bench.closedLoop(callers, LENGTH));
    }
    OpenLoop open = OpenLoop.run(bench.port, RATE, RATE_SECONDS, bench::submit);
    bench.refused.addAndGet(open.failed());
    double p99 = open.percentile(99);
    System.out.printf(
        "http      %d requests/s   p50 %.2f ms  p99 %.2f ms (%d refused in all)%n",
        RATE, open.percentile(50), p99, bench.refused.get());
    targets.atLeast("prompt runs/s finished over HTTP", best, 3_000);
    targets.atMost("p99 at 1,000 requests/s, ms", p99, 50);
    targets.conclude(args);
  }
}
