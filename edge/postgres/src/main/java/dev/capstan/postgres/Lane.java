package dev.capstan.postgres;

import dev.capstan.journal.Appended;
import dev.capstan.journal.Health;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the threads that write the journal: it takes what waits, writes it as one statement and
 * one commit, acknowledges all of it, and starts again. Batches grow with the load by themselves;
 * nothing waits for a timer. What belongs to one run is never in two lanes at once.
 */
final class Lane {
  private static final Logger LOG = LoggerFactory.getLogger(Lane.class);
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  /** Hears of every batch that was written. */
  interface Listener {
    /** On the lane's thread, before anything of the batch is acknowledged. */
    void written(List<Entry> batch, Set<Entry> fenced, long nanos);
  }

  /** When a lane takes what waits. */
  enum Use {
    ALWAYS,
    /** While one lane waits for the disk, another has the server insert what came meanwhile. */
    UNDER_LOAD
  }

  private final Use use;
  private final Inbox inbox;
  private final BatchWriter writer;
  private final Pulse pulse;
  private final Listener listener;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  /** Runs that lost a place in the batch at hand; empty between batches. Only the thread's. */
  private final Set<Long> lost = new HashSet<>();

  Lane(Use use, Inbox inbox, BatchWriter writer, Pulse pulse, Listener listener) {
    this.use = use;
    this.inbox = inbox;
    this.writer = writer;
    this.pulse = pulse;
    this.listener = listener;
    String name = use == Use.ALWAYS ? "journal-writer" : "journal-writer-under-load";
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::write);
  }

  void start() {
    thread.start();
  }

  Health health() {
    return pulse.health();
  }

  private void write() {
    for (List<Entry> batch = inbox.take(use); batch != null; batch = inbox.take(use)) {
      pulse.begin();
      write(batch);
      lost.clear();
      inbox.done(batch);
    }
    writer.close();
  }

  /** Writes it, however long that takes, unless the journal is closed before. */
  private void write(List<Entry> batch) {
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        acknowledge(batch, writer.write(batch));
        return;
      } catch (SQLException failed) {
        if (Faults.isPoison(failed)) {
          isolate(batch, failed);
          return;
        }
        doubt(batch, failed);
      }
      if (isClosedWithin(pause)) {
        batch.forEach(entry -> entry.done.completeExceptionally(PgJournal.closed()));
        return;
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  private void doubt(List<Entry> batch, SQLException failed) {
    if (Faults.isAmbiguous(failed)) {
      batch.forEach(entry -> entry.doubtful = true);
    }
    String reason = Faults.reason(failed);
    LOG.warn("the journal cannot write and tries on: {}", reason);
    pulse.stopped(reason);
    writer.disconnect();
  }

  private boolean isClosedWithin(long millis) {
    try {
      return closing.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException stop) {
      // Nobody interrupts this thread; if somebody does, it means the pause is over.
      return closing.getCount() == 0;
    }
  }

  /** Halves the batch until what the database refuses stands alone. */
  private void isolate(List<Entry> batch, SQLException refused) {
    if (batch.size() == 1) {
      Entry poison = batch.getFirst();
      LOG.error("the database refuses an append: {}", Faults.reason(refused));
      lost.add(poison.run);
      pulse.end();
      List<Entry> after = inbox.takeOf(Set.of(poison.run));
      poison.done.completeExceptionally(refused);
      after.forEach(entry -> entry.done.complete(Appended.FENCED));
      return;
    }
    int middle = batch.size() / 2;
    write(batch.subList(0, middle));
    List<Entry> rest = new ArrayList<>();
    for (Entry entry : batch.subList(middle, batch.size())) {
      if (lost.contains(entry.run)) {
        entry.done.complete(Appended.FENCED);
      } else {
        rest.add(entry);
      }
    }
    if (!rest.isEmpty()) {
      write(rest);
    }
  }

  private void acknowledge(List<Entry> batch, Set<Entry> fenced) {
    long took = pulse.end();
    List<Entry> after = List.of();
    if (!fenced.isEmpty()) {
      fenced.forEach(entry -> lost.add(entry.run));
      // What was handed over before its owner could know that it had lost, is lost too. Taken out
      // now: as soon as the owner knows, it may read again and hand over what is right.
      after = inbox.takeOf(lost);
    }
    listener.written(batch, fenced, took);
    for (Entry entry : batch) {
      entry.done.complete(fenced.contains(entry) ? Appended.FENCED : Appended.DURABLE);
    }
    after.forEach(entry -> entry.done.complete(Appended.FENCED));
  }

  /** Its inbox is closed: it ends when that is empty, or when the database does not let it. */
  void close() {
    closing.countDown();
  }

  /** Waits until it has ended; whether somebody interrupted that. */
  boolean awaitEnd() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    return interrupted;
  }
}
