package dev.capstan.postgres;

import dev.capstan.journal.Plans;
import dev.capstan.kernel.RunId;
import dev.capstan.views.Page;
import dev.capstan.views.RunCursor;
import dev.capstan.views.RunFilter;
import dev.capstan.views.RunSummaries;
import dev.capstan.views.RunSummary;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The list of runs in PostgreSQL. A thread of its own follows the journal and writes rows in large
 * batches on a connection that does not wait for the disk: what a crash takes is folded again.
 */
public final class PgRunViews implements RunSummaries, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PgRunViews.class);
  private static final String SESSION = "-c synchronous_commit=off";
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;
  private static final String FIND = "select " + ViewRows.NAMES + " from run_view where run_id = ?";

  private final Database database;
  private final PgJournal journal;
  private final Plans plans;
  private final RunProjector projector;
  private final Backlog backlog = new Backlog();
  private final Thread thread;
  private @Nullable Connection connection;

  /** Whether the server may have died under us. Only the thread's. */
  private boolean doubtful;

  private PgRunViews(Database database, PgJournal journal, InstantSource clock, long worker) {
    this.database = database;
    this.journal = journal;
    this.plans = new Plans(journal);
    this.projector = new RunProjector(journal, plans, clock, worker);
    this.thread = Thread.ofPlatform().daemon().name("run-views").unstarted(this::project);
  }

  /**
   * Follows the journal from now on. What earlier processes left unfolded is folded by {@link
   * PgLeases#abandoned}.
   *
   * @param leases whose worker writes this journal
   */
  public static PgRunViews open(
      Database database, PgJournal journal, InstantSource clock, PgLeases leases) {
    PgRunViews views = new PgRunViews(database, journal, clock, leases.worker());
    journal.follow(views.backlog::add);
    views.thread.start();
    return views;
  }

  private void project() {
    try {
      // Asked before the work is taken: what is settled by now is in it, or was before.
      long settled = journal.settled();
      for (Backlog.Work work = backlog.take(); work != null; work = backlog.take()) {
        project(work, settled);
        settled = journal.settled();
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    } finally {
      disconnect();
    }
  }

  private void project(Backlog.Work work, long settled) throws InterruptedException {
    long pause = FIRST_PAUSE_MILLIS;
    boolean folded = false;
    while (true) {
      try {
        if (!folded) {
          projector.fold(work.batches(), work.behind());
          folded = true;
        }
        if (doubtful) {
          projector.catchUp(connection());
          doubtful = false;
        }
        projector.write(connection(), settled);
        backlog.done(work.upTo());
        return;
      } catch (SQLException failed) {
        LOG.warn("the views wait: {}", Faults.reason(failed));
      } catch (dev.capstan.kernel.Refusal unavailable) {
        LOG.warn("the views wait: {}", unavailable.getMessage());
      }
      disconnect();
      doubtful = true;
      if (backlog.isClosedWithin(pause)) {
        return;
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  private Connection connection() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = database.connect("views", SESSION);
      connection = open;
    }
    return open;
  }

  private void disconnect() {
    Connection old = connection;
    connection = null;
    if (old != null) {
      try {
        old.close();
      } catch (SQLException gone) {
        LOG.debug("a broken connection did not close", gone);
      }
    }
  }

  @Override
  public Page<RunSummary> list(RunFilter filter, @Nullable String cursor, int limit) {
    int most = Math.clamp(limit, 1, MOST);
    RunListQuery query = new RunListQuery(filter, RunCursor.parse(cursor));
    List<RunSummary> found = database.asking().soon(asked -> query.run(asked, most + 1));
    boolean more = found.size() > most;
    List<RunSummary> page = more ? found.subList(0, most) : found;
    return new Page<>(page, more ? new RunCursor(page.getLast().run()).toString() : null);
  }

  @Override
  public Optional<RunSummary> find(RunId run) {
    return database.asking().soon(asked -> find(asked, run));
  }

  private static Optional<RunSummary> find(Connection asked, RunId run) throws SQLException {
    try (PreparedStatement statement = asked.prepareStatement(FIND)) {
      statement.setLong(1, run.value());
      try (ResultSet rows = statement.executeQuery()) {
        return rows.next() ? Optional.of(ViewRows.read(rows)) : Optional.empty();
      }
    }
  }

  @Override
  public boolean settle(Duration atMost) {
    try {
      return backlog.awaitDone(atMost);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Forgets every row and folds the whole journal again. Blocks, for as long as that takes. */
  public void rebuild() {
    try (Connection rebuilding = database.connect("rebuild", SESSION)) {
      try (PreparedStatement statement = rebuilding.prepareStatement("delete from run_view")) {
        statement.executeUpdate();
      }
      new Refold(journal, plans).catchUp(rebuilding, 0);
    } catch (SQLException failed) {
      throw Faults.refusal(failed);
    }
  }

  /**
   * Compares every row with what the journal makes of its run, and looks for places that are
   * missing. Blocks; needs the same memory whatever the journal's length.
   */
  public Verification verify() {
    settle(Duration.ofSeconds(30));
    try (Connection asked = database.connect("verify", "")) {
      return new Verifying(asked, journal, plans).run();
    } catch (SQLException failed) {
      throw Faults.refusal(failed);
    }
  }

  /** Writes what is folded so far and stops. */
  @Override
  public void close() {
    backlog.close();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
