package dev.capstan.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Requests over HTTP that come when they are due, whatever became of those before; late is slow.
 */
final class OpenLoop {
  /** What each took from when it was due, sorted; those that failed took for ever. */
  private final long[] micros;

  private final int failed;
  private final double seconds;

  private OpenLoop(long[] micros, int failed, double seconds) {
    this.micros = micros;
    this.failed = failed;
    this.seconds = seconds;
  }

  interface Request {
    void by(HttpCaller caller) throws IOException;
  }

  /** So many a second, for so many seconds. */
  static OpenLoop run(int port, int rate, int length, Request request) throws Exception {
    int all = rate * length;
    AtomicIntegerArray micros = new AtomicIntegerArray(all);
    AtomicInteger failed = new AtomicInteger();
    ConcurrentLinkedDeque<HttpCaller> free = new ConcurrentLinkedDeque<>();
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < all; i++) {
        int number = i;
        long due = start + i * 1_000_000_000L / rate;
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        threads.execute(() -> {
          HttpCaller kept = free.pollFirst();
          try {
            HttpCaller caller = kept == null ? new HttpCaller(port) : kept;
            request.by(caller);
            micros.set(number, (int) ((System.nanoTime() - due) / 1_000));
            free.addFirst(caller);
          } catch (IOException broken) {
            micros.set(number, Integer.MAX_VALUE);
            failed.incrementAndGet();
          }
        });
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    for (HttpCaller caller : free) {
      caller.close();
    }
    long[] sorted = new long[all];
    Arrays.setAll(sorted, micros::get);
    Arrays.sort(sorted);
    return new OpenLoop(sorted, failed.get(), seconds);
  }

  int failed() {
    return failed;
  }

  /** In milliseconds. */
  double percentile(int percent) {
    return percentile(micros, percent);
  }

  static double percentile(long[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)] / 1e3;
  }

  /** Requests answered a second. */
  double rate() {
    return micros.length / seconds;
  }
}
