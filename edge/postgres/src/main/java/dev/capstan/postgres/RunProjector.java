package dev.capstan.postgres;

import dev.capstan.journal.Plans;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.BoundedMap;
import dev.capstan.kernel.RunId;
import dev.capstan.views.RunSummary;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folds what the journal wrote into {@code run_view}, many events of a run into one row write. */
final class RunProjector {
  private static final Logger LOG = LoggerFactory.getLogger(RunProjector.class);
  private static final int MOST_STATES = 4_096;

  private final Plans plans;
  private final Refold refold;
  private final Watermark watermark;
  private final long worker;

  /** Unfinished runs as they were last seen, so that the next event costs one step. */
  private final Map<RunId, RunState> states = BoundedMap.lru(MOST_STATES);

  /** Folded and not yet written. */
  private final Map<RunId, RunSummary> fresh = new HashMap<>();

  RunProjector(PgJournal journal, Plans plans, InstantSource clock, long worker) {
    this.plans = plans;
    this.refold = new Refold(journal, plans);
    this.watermark = new Watermark(journal, clock);
    this.worker = worker;
  }

  /** Folds these events; those already folded are passed over. May read the journal. */
  void fold(List<List<Recorded>> batches, Set<RunId> behind) {
    Map<RunId, @Nullable RunState> touched = new LinkedHashMap<>();
    Set<RunId> reread = new HashSet<>(behind);
    for (List<Recorded> batch : batches) {
      for (Recorded recorded : batch) {
        if (!reread.contains(recorded.run()) && !apply(recorded, touched)) {
          reread.add(recorded.run());
        }
      }
    }
    for (RunId run : reread) {
      touched.remove(run);
      states.remove(run);
    }
    touched.forEach((run, state) -> settle(run, state));
    if (!reread.isEmpty()) {
      refold.summaries(new ArrayList<>(reread)).forEach(read -> fresh.put(read.run(), read));
    }
  }

  /** False when the run must be read again from the start. */
  private boolean apply(Recorded recorded, Map<RunId, @Nullable RunState> touched) {
    RunId run = recorded.run();
    RunState state = touched.get(run);
    if (state == null) {
      state = states.get(run);
    }
    if (state == null && recorded.seq() == 1) {
      state = new RunState(run, plans::plan);
    }
    if (state == null || recorded.seq() > state.seq() + 1) {
      return false;
    }
    touched.put(run, state);
    try {
      if (recorded.seq() == state.seq() + 1) {
        state.apply(recorded);
      }
      return true;
    } catch (RuntimeException halfApplied) {
      // Reading it again from the start tells whether the store or the journal is to blame.
      LOG.debug("cannot fold {} as it happens", recorded, halfApplied);
      return false;
    }
  }

  private void settle(RunId run, @Nullable RunState state) {
    if (state == null) {
      return;
    }
    fresh.put(run, RunSummary.of(state));
    if (state.terminal() == null) {
      states.put(run, state);
    } else {
      states.remove(run);
    }
  }

  /**
   * Folds again what the server may have lost when it died alone: we do not wait for its disk, so
   * the rows of the last moment before may be gone though it said that it had them. How far it got
   * is one of these rows, so what it says now is true.
   */
  void catchUp(Connection connection) throws SQLException {
    long after = 0;
    try (PreparedStatement statement =
        connection.prepareStatement("select projected_to from worker where id = ?")) {
      statement.setLong(1, worker);
      try (ResultSet row = statement.executeQuery()) {
        after = row.next() ? row.getLong(1) : 0;
      }
    }
    refold.catchUp(connection, after);
  }

  /**
   * Writes what was folded, and how far this worker's runs are now in the view.
   *
   * @param settled how far the journal was when what is folded was taken, by {@link
   *     PgJournal#settled}
   */
  void write(Connection connection, long settled) throws SQLException {
    connection.setAutoCommit(false);
    ViewRows.upsert(connection, fresh.values());
    RunId reached = watermark.reached(settled);
    if (reached != null) {
      try (PreparedStatement statement =
          connection.prepareStatement("update worker set projected_to = ? where id = ?")) {
        statement.setLong(1, reached.value());
        statement.setLong(2, worker);
        statement.executeUpdate();
      }
    }
    connection.commit();
    connection.setAutoCommit(true);
    LOG.debug("folded {} runs", fresh.size());
    fresh.clear();
  }
}
