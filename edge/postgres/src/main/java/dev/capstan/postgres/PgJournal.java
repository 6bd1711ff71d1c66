package dev.capstan.postgres;

import dev.capstan.journal.Append;
import dev.capstan.journal.Appended;
import dev.capstan.journal.Health;
import dev.capstan.journal.Journal;
import dev.capstan.journal.Recorded;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal in PostgreSQL. One thread writes: it takes what waits, writes it as one statement and
 * one commit, acknowledges all of it, and starts again. Batches grow with the load by themselves;
 * nothing waits for a timer.
 */
public final class PgJournal implements Journal {
  private static final Logger LOG = LoggerFactory.getLogger(PgJournal.class);
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 2_000;

  private final Inbox inbox = new Inbox();
  private final EventTypes types;
  private final JournalReader reader;
  private final BatchWriter writer;
  private final Pulse pulse;
  private final Consumer<WrittenBatch> observer;
  private final List<Consumer<List<Recorded>>> followers = new CopyOnWriteArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;

  /** Runs that lost a place in the batch at hand; empty between batches. Only the writer's. */
  private final Set<Long> lost = new HashSet<>();

  private volatile long settled;

  private PgJournal(
      Database database, Opened opened, Pulse pulse, Consumer<WrittenBatch> observer) {
    this.types = opened.types;
    this.reader = new JournalReader(database, types, opened.bands);
    this.writer = new BatchWriter(database, opened.bands);
    this.pulse = pulse;
    this.observer = observer;
    this.thread = Thread.ofPlatform().daemon().name("journal-writer").unstarted(this::write);
  }

  /** What the database tells when it is opened. */
  private record Opened(EventTypes types, Bands bands) {}

  /**
   * Opens the journal of this database, with room for the weeks to come; a {@link BandKeeper} makes
   * more as they come near.
   *
   * @param nanos elapsed time, such as {@code System::nanoTime}
   * @param observer told of every batch, on the writer's thread; must be quick
   */
  public static PgJournal open(
      Database database, InstantSource clock, LongSupplier nanos, Consumer<WrittenBatch> observer) {
    try (Connection connection = database.pool().getConnection()) {
      Opened opened = new Opened(EventTypes.load(connection), Bands.open(connection, clock));
      PgJournal journal = new PgJournal(database, opened, new Pulse(clock, nanos), observer);
      journal.thread.start();
      return journal;
    } catch (SQLException failed) {
      throw Faults.refusal(failed);
    }
  }

  @Override
  public CompletableFuture<Appended> append(Append append) {
    try {
      Entry entry = Entry.of(append, types);
      return inbox.put(entry) ? entry.done : CompletableFuture.failedFuture(closed());
    } catch (Refusal tooLarge) {
      return CompletableFuture.failedFuture(tooLarge);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return CompletableFuture.failedFuture(
          new CancellationException("interrupted before there was room"));
    }
  }

  private static IllegalStateException closed() {
    return new IllegalStateException("the journal is closed");
  }

  private void write() {
    for (List<Entry> batch = inbox.take(); batch != null; batch = inbox.take()) {
      pulse.begin();
      write(batch);
      lost.clear();
      settled = batch.getLast().number;
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
        batch.forEach(entry -> entry.done.completeExceptionally(closed()));
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
    if (!followers.isEmpty()) {
      tellFollowers(batch, fenced);
    }
    int events = 0;
    long bytes = 0;
    for (Entry entry : batch) {
      events += entry.rows();
      bytes += entry.bytes;
    }
    observer.accept(new WrittenBatch(batch.size(), events, bytes, took));
    for (Entry entry : batch) {
      entry.done.complete(fenced.contains(entry) ? Appended.FENCED : Appended.DURABLE);
    }
    after.forEach(entry -> entry.done.complete(Appended.FENCED));
  }

  private void tellFollowers(List<Entry> batch, Set<Entry> fenced) {
    List<Recorded> durable = new ArrayList<>(batch.size() + 16);
    for (Entry entry : batch) {
      if (!fenced.contains(entry)) {
        entry.recordInto(durable);
      }
    }
    if (durable.isEmpty()) {
      return;
    }
    for (Consumer<List<Recorded>> follower : followers) {
      try {
        follower.accept(durable);
      } catch (RuntimeException defect) {
        LOG.error("a follower of the journal failed; the journal goes on", defect);
      }
    }
  }

  @Override
  public List<Recorded> read(RunId run, int afterSeq, int limit) {
    return reader.read(run, afterSeq, limit);
  }

  @Override
  public Map<RunId, List<Recorded>> readAll(Collection<RunId> runs) {
    return reader.readAll(runs);
  }

  @Override
  public String attachment(String hash) {
    return reader.attachment(hash);
  }

  @Override
  public void follow(Consumer<List<Recorded>> follower) {
    followers.add(follower);
  }

  @Override
  public Health health() {
    return pulse.health();
  }

  /** How many events wait to be written. */
  public int waiting() {
    return inbox.rows();
  }

  /** The number of the last append that was handed over; see {@link Inbox#handed}. */
  long handed() {
    return inbox.handed();
  }

  /** All appends up to this number are written or lost, and followers know of them. */
  long settled() {
    return settled;
  }

  /** Writes what waits, if the database lets it; what it does not, completes exceptionally. */
  @Override
  public void close() {
    inbox.close();
    closing.countDown();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException again) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
