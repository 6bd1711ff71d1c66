package dev.capstan.server.http;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;

/**
 * Who answers requests: a virtual thread each, of which there may be as many as connections. Where
 * many short requests follow each other on a connection a {@link Worker} does, as long as one is
 * free: nothing but the system has to wake it.
 */
final class Workers implements Executor {
  /** At 2,000 calls a second of 5 ms ten are at work; more cost memory and save nothing. */
  private static final int MOST = 32;

  private static final int IDLE_SECONDS = 10;

  private final AtomicLong names = new AtomicLong();
  private final Executor others = new VirtualThreadExecutor("http-");
  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          0,
          MOST,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> new Worker(work, "http-worker-" + names.incrementAndGet()),
          (work, all) -> others.execute(work));

  /** Work that knows whether others like it follow. */
  interface Work extends Runnable {
    boolean isOneOfMany();
  }

  @Override
  public void execute(Runnable work) {
    if (work instanceof Work one && one.isOneOfMany()) {
      workers.execute(work);
    } else {
      others.execute(work);
    }
  }
}
