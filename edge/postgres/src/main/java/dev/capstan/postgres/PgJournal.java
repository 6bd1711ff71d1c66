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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal in PostgreSQL. Whoever appends puts it in the {@link Inbox}; a {@link Lane} writes
 * what waits there as one statement and one commit, under load a second one, too.
 */
public final class PgJournal implements Journal {
  private static final Logger LOG = LoggerFactory.getLogger(PgJournal.class);

  private static final Comparator<Health> WORST =
      Comparator.comparingInt(health ->
          switch (health) {
            case Health.Good good -> 0;
            case Health.Slow slow -> 1;
            case Health.Stopped stopped -> 2;
          });

  private final Inbox inbox = new Inbox();
  private final EventTypes types;
  private final JournalReader reader;
  private final List<Lane> lanes;
  private final Consumer<WrittenBatch> observer;
  private final List<Consumer<List<Recorded>>> followers = new CopyOnWriteArrayList<>();
  private final ReentrantLock telling = new ReentrantLock();

  private PgJournal(
      Database database, Opened opened, Supplier<Pulse> pulses, Consumer<WrittenBatch> observer) {
    this.types = opened.types;
    this.reader = new JournalReader(database, types, opened.bands);
    this.observer = observer;
    Gaps gaps = new Gaps();
    this.lanes =
        Stream.of(Lane.Use.values())
            .map(use -> {
              BatchWriter writer = new BatchWriter(database, opened.bands, gaps);
              return new Lane(use, inbox, writer, pulses.get(), this::tell);
            })
            .toList();
  }

  /** What the database tells when it is opened. */
  private record Opened(EventTypes types, Bands bands) {}

  /**
   * Opens the journal of this database, with room for the weeks to come; a {@link BandKeeper} makes
   * more as they come near.
   *
   * @param nanos elapsed time, such as {@code System::nanoTime}
   * @param observer told of every batch, one at a time, on a lane's thread; must be quick
   */
  public static PgJournal open(
      Database database, InstantSource clock, LongSupplier nanos, Consumer<WrittenBatch> observer) {
    try (Connection connection = database.pool().getConnection()) {
      Opened opened = new Opened(EventTypes.load(connection), Bands.open(connection, clock));
      PgJournal journal = new PgJournal(database, opened, () -> new Pulse(clock, nanos), observer);
      journal.lanes.forEach(Lane::start);
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

  static IllegalStateException closed() {
    return new IllegalStateException("the journal is closed");
  }

  /** Followers hear one batch at a time, whichever lane wrote it. */
  private void tell(List<Entry> batch, Set<Entry> fenced, long took) {
    int events = 0;
    long bytes = 0;
    for (Entry entry : batch) {
      events += entry.rows();
      bytes += entry.bytes;
    }
    WrittenBatch written = new WrittenBatch(batch.size(), events, bytes, took);
    telling.lock();
    try {
      if (!followers.isEmpty()) {
        tellFollowers(batch, fenced);
      }
      observer.accept(written);
    } finally {
      telling.unlock();
    }
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
    return lanes.stream().map(Lane::health).max(WORST).orElseThrow();
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
    return inbox.settled();
  }

  /** Writes what waits, if the database lets it; what it does not, completes exceptionally. */
  @Override
  public void close() {
    inbox.close();
    lanes.forEach(Lane::close);
    boolean interrupted = false;
    for (Lane lane : lanes) {
      interrupted |= lane.awaitEnd();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
