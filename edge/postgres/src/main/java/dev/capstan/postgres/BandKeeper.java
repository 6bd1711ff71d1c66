package dev.capstan.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to the journal's bands while a process runs: makes those to come, and drops those whose time
 * is over, and with them the single rows of the ledger. Looks at once and then every hour, which
 * costs an idle database next to nothing.
 */
public final class BandKeeper implements AutoCloseable {
  /** Shorter than this nothing can be dropped: clocks differ, and writers remember what is kept. */
  public static final Duration SHORTEST_RETENTION = Duration.ofDays(1);

  private static final Logger LOG = LoggerFactory.getLogger(BandKeeper.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofHours(1);
  private static final Duration AFTER_TROUBLE = Duration.ofMinutes(1);

  private final Database database;
  private final InstantSource clock;
  private final Retention retention;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread = Thread.ofVirtual().name("band-keeper").unstarted(this::keep);
  private volatile Keeping keeping;

  BandKeeper(Database database, InstantSource clock, @Nullable Duration keepFor) {
    this.database = database;
    this.clock = clock;
    this.retention = new Retention(keepFor);
    this.keeping = retention.nothingKnown();
  }

  /**
   * Begins to keep.
   *
   * @param keepFor how long runs are kept, no less than {@link #SHORTEST_RETENTION}; null for ever
   */
  public static BandKeeper open(
      Database database, InstantSource clock, @Nullable Duration keepFor) {
    if (keepFor != null && keepFor.compareTo(SHORTEST_RETENTION) < 0) {
      throw new IllegalArgumentException("runs are kept for a day at least, not " + keepFor);
    }
    BandKeeper keeper = new BandKeeper(database, clock, keepFor);
    keeper.thread.start();
    return keeper;
  }

  private void keep() {
    Duration pause = Duration.ZERO;
    try {
      while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        pause = look();
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration look() {
    try {
      sweep();
      return BETWEEN_LOOKS;
    } catch (SQLException failed) {
      // Nothing is lost by waiting: what belongs to no band has a place, too.
      LOG.warn("the journal's bands wait: {}", Faults.reason(failed));
      return AFTER_TROUBLE;
    }
  }

  /** Makes and drops what is due, on a connection of its own. */
  synchronized void sweep() throws SQLException {
    try (Connection connection = database.connect("bands", "")) {
      // Going through a large band takes as long as it takes.
      connection.setNetworkTimeout(Runnable::run, 0);
      Bands bands = Bands.open(connection, clock);
      Strangers.takeIn(connection, bands);
      keeping = retention.apply(connection, bands.now());
      fold(connection, bands.now());
    }
  }

  /** After the bands: rows of runs that are gone go with them. */
  private void fold(Connection connection, Instant now) throws SQLException {
    Duration kept = keeping.retention();
    if (kept != null) {
      long rows = LedgerFolding.fold(connection, now.minus(kept));
      if (rows > 0) {
        LOG.info("{} rows of the ledger are sums of their days now", rows);
      }
      long accounts = LedgerForgetting.forget(connection, now.minus(kept));
      if (accounts > 0) {
        LOG.info("{} accounts of runs and days that are long over are forgotten", accounts);
      }
    }
  }

  /** What was found and done at the last look. */
  public Keeping keeping() {
    return keeping;
  }

  /** Waits for a look that is under way. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
