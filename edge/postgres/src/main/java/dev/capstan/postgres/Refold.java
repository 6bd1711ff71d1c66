package dev.capstan.postgres;

import dev.capstan.journal.Journal;
import dev.capstan.journal.Plans;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.views.RunSummary;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes rows of {@code run_view} from the journal, for what nobody folded as it happened. */
final class Refold {
  private static final Logger LOG = LoggerFactory.getLogger(Refold.class);
  private static final int CHUNK = 500;

  private static final String STALE =
      "select v.run_id from run_view v where v.ended_at is null and v.run_id > ?"
          + " and v.seq < (select max(j.seq) from journal j where j.run_id = v.run_id)"
          + " order by v.run_id limit "
          + CHUNK;

  /** By so many events and not so many runs: whatever the planner guesses, it reads no more. */
  private static final String TAIL =
      "select distinct run_id from"
          + " (select j.run_id from journal j where j.run_id > ? order by j.run_id limit "
          + 10 * CHUNK
          + ") next order by run_id";

  /** None in a journal that nothing was written to yet. */
  private static final String NEWEST = "select run_id from journal order by run_id desc limit 1";

  private static final String KNOWN = "select run_id from run_view where run_id = any(?)";

  private final Journal journal;
  private final Plans plans;

  Refold(Journal journal, Plans plans) {
    this.journal = journal;
    this.plans = plans;
  }

  /** Folds every unfinished run that went on, and every run after this id that has no row. */
  void catchUp(Connection connection, long after) throws SQLException {
    List<RunId> chunk = ids(connection, STALE, 0);
    while (!chunk.isEmpty()) {
      ViewRows.upsert(connection, summaries(chunk));
      chunk = ids(connection, STALE, chunk.getLast().value());
    }
    // Those that begin from here on have somebody who folds them.
    long newest = newest(connection);
    chunk = tail(connection, after);
    while (!chunk.isEmpty() && chunk.getFirst().value() <= newest) {
      long last = chunk.getLast().value();
      chunk.removeAll(known(connection, chunk));
      ViewRows.upsert(connection, summaries(chunk));
      chunk = tail(connection, last);
    }
  }

  private static long newest(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NEWEST)) {
      return ids(statement).stream().findFirst().map(RunId::value).orElse(0L);
    }
  }

  private static Set<RunId> known(Connection connection, List<RunId> runs) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(KNOWN)) {
      Object[] ids = runs.stream().map(RunId::value).toArray(Long[]::new);
      statement.setArray(1, connection.createArrayOf("int8", ids));
      return new HashSet<>(ids(statement));
    }
  }

  /** The next runs after this id that the journal has, some hundreds; none only at its end. */
  static List<RunId> tail(Connection connection, long after) throws SQLException {
    return ids(connection, TAIL, after);
  }

  private static List<RunId> ids(Connection connection, String query, long after)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.setLong(1, after);
      return ids(statement);
    }
  }

  private static List<RunId> ids(PreparedStatement statement) throws SQLException {
    List<RunId> ids = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        ids.add(new RunId(rows.getLong(1)));
      }
    }
    return ids;
  }

  /** What the journal makes of these runs; without those that it cannot make sense of. */
  List<RunSummary> summaries(List<RunId> runs) {
    List<RunSummary> summaries = new ArrayList<>(runs.size());
    for (Map.Entry<RunId, List<Recorded>> run : journal.readAll(runs).entrySet()) {
      try {
        summaries.add(RunSummary.of(RunState.fold(run.getKey(), run.getValue(), plans::plan)));
      } catch (RuntimeException senseless) {
        if (isUnavailable(senseless)) {
          throw senseless;
        }
        // verify() names it to people; the list does without it.
        LOG.error("the journal of {} makes no sense", run.getKey(), senseless);
      }
    }
    return summaries;
  }

  private static boolean isUnavailable(RuntimeException failed) {
    return failed instanceof Refusal refusal && refusal.problem().code() == ProblemCode.UNAVAILABLE;
  }
}
