package dev.capstan.server.trail;

import dev.capstan.journal.Journal;
import dev.capstan.journal.Plans;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.BoundedMap;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the journal and tells of it, in log lines and, when somebody listens, in spans. A thread
 * of its own does the telling: the journal only hands over, and when the telling is slower than the
 * work, what does not fit is dropped and counted.
 */
public final class Trail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Trail.class);
  private static final int MOST_WAITING_EVENTS = 20_000;
  private static final int MOST_OPEN = 100_000;
  private static final long PAUSE_MILLIS = 1_000;

  private final Plans plans;
  private final RunLog log;
  private final @Nullable Spans spans;
  private final BlockingQueue<List<Recorded>> queue = new LinkedBlockingQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final LongAdder dropped = new LongAdder();
  private final Thread thread;
  private volatile boolean closed;

  /** Only the thread knows it. The eldest is forgotten first. */
  private final Map<RunId, OpenRun> open = BoundedMap.fifo(MOST_OPEN);

  private Trail(Journal journal, LongSupplier nanos, @Nullable URI traces) {
    this.log = new RunLog(nanos);
    this.plans = new Plans(journal);
    this.spans = traces == null ? null : new Spans(new OtlpSender(traces));
    this.thread = Thread.ofPlatform().daemon().name("trail").unstarted(this::tell);
  }

  /**
   * Begins to follow the journal, unless there is nobody to tell.
   *
   * @param nanos elapsed time, such as {@code System::nanoTime}
   * @param traces who takes spans, by OTLP over HTTP; null for nobody, which costs nothing
   */
  public static Trail follow(Journal journal, LongSupplier nanos, @Nullable URI traces) {
    Trail trail = new Trail(journal, nanos, traces);
    if (trail.spans != null || RunLog.isOn()) {
      trail.thread.start();
      journal.follow(trail::hear);
    }
    return trail;
  }

  private void hear(List<Recorded> batch) {
    if (waiting.addAndGet(batch.size()) <= MOST_WAITING_EVENTS) {
      queue.add(batch);
    } else {
      waiting.addAndGet(-batch.size());
      dropped.add(batch.size());
    }
  }

  /** Events that were not told of because the telling was behind. */
  public long dropped() {
    return dropped.sum();
  }

  private void tell() {
    try {
      while (!closed || !queue.isEmpty()) {
        List<Recorded> batch = queue.poll(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
        if (batch != null) {
          waiting.addAndGet(-batch.size());
          batch.forEach(this::tell);
        }
        log.flush(false);
        if (spans != null) {
          spans.flush(batch == null);
        }
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
    log.flush(true);
    if (spans != null) {
      spans.flush(true);
    }
  }

  private void tell(Recorded recorded) {
    try {
      OpenRun run = run(recorded);
      log.tell(recorded, run);
      if (spans != null) {
        spans.tell(recorded, run);
      }
    } catch (Refusal unreadable) {
      LOG.debug("an event is not told of: {}", unreadable.getMessage());
    }
    if (recorded.event() instanceof RunEvent.Terminal) {
      open.remove(recorded.run());
    }
  }

  private OpenRun run(Recorded recorded) {
    OpenRun run = open.computeIfAbsent(recorded.run(), id -> new OpenRun(id, recorded.at(), plans));
    run.hear(recorded);
    return run;
  }

  /** Tells what is left, for some seconds at most. */
  @Override
  public void close() {
    closed = true;
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
