package dev.capstan.bench;

import dev.capstan.postgres.Database;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** So many callers, each of which begins again as soon as it has its answer. */
final class ClosedLoop {
  private static final int MOST_LATENCIES = 2_000_000;
  private static final int WARM_ROUNDS = 20;

  /** What is to be done over and over; it is over when this returns. */
  interface Deed {
    void run() throws Exception;
  }

  /**
   * One measurement.
   *
   * @param p50 microseconds
   */
  record Result(
      String who, int inFlight, long runs, double perSecond, long p50, long p99, Usage used) {
    void print() {
      System.out.printf(
          "%-10s %5d in flight %8.0f runs/s  p50 %8.2f ms  p99 %8.2f ms  %s%n",
          who, inFlight, perSecond, p50 / 1e3, p99 / 1e3, used.perRun(runs));
    }
  }

  private final String who;
  private final Database database;
  private final String counted;
  private final Deed deed;

  /**
   * @param counted the database of the server whose commits count
   */
  ClosedLoop(String who, Database database, String counted, Deed deed) {
    this.who = who;
    this.database = database;
    this.counted = counted;
    this.deed = deed;
  }

  Result measure(int inFlight, Duration length) throws InterruptedException, SQLException {
    int[] latencies = new int[MOST_LATENCIES];
    AtomicInteger done = new AtomicInteger();
    AtomicReference<@Nullable Exception> broken = new AtomicReference<>();
    CountDownLatch over = new CountDownLatch(inFlight);
    Usage before = Usage.now(database, counted);
    long end = System.nanoTime() + length.toNanos();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < inFlight; i++) {
        callers.execute(() -> {
          try {
            while (System.nanoTime() < end) {
              long start = System.nanoTime();
              deed.run();
              int micros = (int) ((System.nanoTime() - start) / 1_000);
              latencies[done.getAndIncrement() % MOST_LATENCIES] = micros;
            }
          } catch (Exception failed) {
            broken.set(failed);
          } finally {
            over.countDown();
          }
        });
      }
      over.await();
    }
    Exception failed = broken.get();
    if (failed != null) {
      throw new IllegalStateException(who + " failed", failed);
    }
    return result(inFlight, done.get(), latencies, Usage.now(database, counted).since(before));
  }

  /**
   * Runs so many before anything is measured: until then the JIT compiler uses more of a small
   * machine than the work does.
   */
  void warmUp(int inFlight, int runs) throws InterruptedException, SQLException {
    long done = 0;
    for (int round = 0; done < runs && round < WARM_ROUNDS; round++) {
      done += measure(inFlight, Duration.ofSeconds(2)).runs();
    }
  }

  private Result result(int inFlight, int runs, int[] latencies, Usage used) {
    int count = Math.min(runs, MOST_LATENCIES);
    int[] sorted = Arrays.copyOf(latencies, count);
    Arrays.sort(sorted);
    return new Result(
        who,
        inFlight,
        runs,
        runs * 1e9 / used.nanos(),
        sorted[count / 2],
        sorted[(int) (count * 0.99)],
        used);
  }
}
