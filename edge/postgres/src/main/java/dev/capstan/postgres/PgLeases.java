package dev.capstan.postgres;

import dev.capstan.engine.Leases;
import dev.capstan.journal.Journal;
import dev.capstan.journal.Plans;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.RunIds;
import dev.capstan.views.RunSummary;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Leases in PostgreSQL, by its clock: a row per process, renewed by one small transaction. */
public final class PgLeases implements Leases {
  /** How long a lease holds without being renewed; renew three times as often. */
  public static final Duration HOLDS = Duration.ofSeconds(30);

  private static final String UNTIL = "now() + interval '" + HOLDS.toSeconds() + " seconds'";

  private static final String REGISTER =
      "insert into worker (expires_at, host, pid, projected_to) values ("
          + UNTIL
          + ", ?, ?, ?) returning id";

  /** The embedded server serves one process: whoever came before is dead. */
  private static final String TAKE_OVER =
      "update worker set expires_at = now() where id <> ? and expires_at > now()";

  private static final String FORGET =
      "delete from worker where caught_up and expires_at < now() - interval '7 days'";

  private static final String RENEW =
      "update worker w set beat_at = now(), expires_at = "
          + UNTIL
          + ", caught_up = false from (select expires_at > now() as held from worker where id = ?"
          + " for update) was where w.id = ? returning was.held";

  private static final String DEAD =
      "select id, projected_to from worker where expires_at <= now() and not caught_up";

  private static final String LIVING = "select id from worker where expires_at > now()";

  private static final String CANDIDATES =
      "select v.run_id, v.seq = (select max(j.seq) from journal j where j.run_id = v.run_id)"
          + " from run_view v where v.ended_at is null and v.run_id > ?"
          + " and v.owner <> all (array("
          + LIVING
          + "))"
          + " order by v.run_id limit ?";

  private final Database database;
  private final Refold refold;
  private final long worker;
  private final Line heartbeat;

  private PgLeases(Database database, Refold refold, long worker) {
    this.database = database;
    this.heartbeat = new Line(database, "heartbeat");
    this.refold = refold;
    this.worker = worker;
  }

  /** Registers this process as a new worker that holds a lease. Blocks. */
  public static PgLeases open(Database database, Journal journal, InstantSource clock) {
    try (Connection connection = database.pool().getConnection()) {
      long worker = register(connection, clock);
      if (database.isEmbedded()) {
        try (PreparedStatement statement = connection.prepareStatement(TAKE_OVER)) {
          statement.setLong(1, worker);
          statement.executeUpdate();
        }
      }
      try (PreparedStatement statement = connection.prepareStatement(FORGET)) {
        statement.executeUpdate();
      }
      return new PgLeases(database, new Refold(journal, new Plans(journal)), worker);
    } catch (SQLException failed) {
      throw Faults.refusal(failed);
    }
  }

  private static long register(Connection connection, InstantSource clock) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(REGISTER)) {
      statement.setString(1, host());
      statement.setLong(2, ProcessHandle.current().pid());
      // Nothing of this worker's can be older than this worker, give or take a clock's step.
      statement.setLong(3, RunIds.firstAt(clock.instant().minusSeconds(60)).value());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException nameless) {
      return "localhost";
    }
  }

  @Override
  public long worker() {
    return worker;
  }

  @Override
  public boolean renew() {
    try {
      return heartbeat.ask(this::renew);
    } catch (SQLException failed) {
      throw Faults.refusal(failed);
    }
  }

  private boolean renew(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(RENEW)) {
      statement.setLong(1, worker);
      statement.setLong(2, worker);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  @Override
  public List<RunId> abandoned(RunId after, int limit) {
    try {
      if (heartbeat.ask(asked -> isQuiet(asked, after))) {
        return List.of();
      }
    } catch (SQLException failed) {
      throw Faults.refusal(failed);
    }
    return database.asking().atLength(connection -> leftBehind(connection, after, limit));
  }

  private List<RunId> leftBehind(Connection connection, RunId after, int limit)
      throws SQLException {
    catchUpWithTheDead(connection);
    RunId from = after;
    while (true) {
      Map<RunId, Boolean> candidates = candidates(connection, from, limit);
      List<RunId> found = unfolded(connection, candidates);
      if (candidates.size() < limit || !found.isEmpty()) {
        return found;
      }
      from = candidates.keySet().stream().max(RunId::compareTo).orElse(from);
    }
  }

  /** Whether nobody has died and nothing is left over: what every sweep but the first finds. */
  private static boolean isQuiet(Connection connection, RunId after) throws SQLException {
    connection.setAutoCommit(false);
    try {
      return dead(connection).isEmpty() && candidates(connection, after, 1).isEmpty();
    } finally {
      // Commits: the sweep of an idle server is one transaction.
      connection.setAutoCommit(true);
    }
  }

  /** What a dead process wrote and did not fold would otherwise be missing for ever. */
  private void catchUpWithTheDead(Connection connection) throws SQLException {
    Map<Long, Long> dead = dead(connection);
    if (dead.isEmpty()) {
      return;
    }
    refold.catchUp(connection, dead.values().stream().mapToLong(Long::longValue).min().orElse(0));
    try (PreparedStatement statement =
        connection.prepareStatement(
            "update worker set caught_up = true where id = any(?) and expires_at <= now()")) {
      statement.setArray(1, connection.createArrayOf("int8", dead.keySet().toArray()));
      statement.executeUpdate();
    }
  }

  /** Those whose writing the views may lack, and up to which run they do not. */
  private static Map<Long, Long> dead(Connection connection) throws SQLException {
    Map<Long, Long> dead = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(DEAD);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        dead.put(rows.getLong(1), rows.getLong(2));
      }
    }
    return dead;
  }

  /** Runs without a living owner, as far as the view knows, and whether it knows all. */
  private static Map<RunId, Boolean> candidates(Connection connection, RunId after, int limit)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(CANDIDATES)) {
      statement.setLong(1, after.value());
      statement.setInt(2, limit);
      Map<RunId, Boolean> candidates = new HashMap<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          candidates.put(new RunId(rows.getLong(1)), rows.getBoolean(2));
        }
      }
      return candidates;
    }
  }

  /** Drops those that have ended or found an owner since the view was written. */
  private List<RunId> unfolded(Connection connection, Map<RunId, Boolean> candidates)
      throws SQLException {
    Set<RunId> found = new HashSet<>(candidates.keySet());
    List<RunId> stale = new ArrayList<>();
    candidates.forEach((run, current) -> {
      if (!current) {
        stale.add(run);
      }
    });
    if (!stale.isEmpty()) {
      Set<Long> living = living(connection);
      List<RunSummary> folded = refold.summaries(stale);
      ViewRows.upsert(connection, folded);
      for (RunSummary summary : folded) {
        if (summary.status().isTerminal() || living.contains(summary.owner())) {
          found.remove(summary.run());
        }
      }
    }
    return found.stream().sorted().toList();
  }

  private static Set<Long> living(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(LIVING);
        ResultSet rows = statement.executeQuery()) {
      Set<Long> living = new HashSet<>();
      while (rows.next()) {
        living.add(rows.getLong(1));
      }
      return living;
    }
  }

  @Override
  public Optional<Instant> expiry(long of) {
    return database.asking().soon(connection -> expiry(connection, of));
  }

  private static Optional<Instant> expiry(Connection connection, long of) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("select expires_at from worker where id = ?")) {
      statement.setLong(1, of);
      try (ResultSet row = statement.executeQuery()) {
        return row.next()
            ? Optional.of(row.getObject(1, OffsetDateTime.class).toInstant())
            : Optional.empty();
      }
    }
  }

  @Override
  public void release() {
    heartbeat.close();
    int _ = database.asking().soon(this::release);
  }

  private int release(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "update worker set expires_at = now() where id = ? and expires_at > now()")) {
      statement.setLong(1, worker);
      return statement.executeUpdate();
    }
  }
}
