package dev.capstan.postgres;

import dev.capstan.journal.EventCodec;
import dev.capstan.journal.Recorded;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Asks the journal's table. */
final class JournalReader {
  private static final String COLUMNS =
      "select j.run_id, j.seq, j.at, j.type, coalesce(j.payload, a.body)"
          + " from journal j left join attachment a on a.hash = j.payload_ref and a.band = ? ";

  private static final String ONE =
      COLUMNS + "where j.run_id = ? and j.seq > ? order by j.seq limit ?";

  /**
   * The bounds tell a plan for any parameters which tables it need not look at; a list does not.
   */
  private static final String MANY =
      COLUMNS + "where j.run_id = any(?) and j.run_id between ? and ? order by j.run_id, j.seq";

  private static final String ATTACHMENT =
      "select body, quoted from attachment where hash = ? and band >= ?"
          + " order by band desc limit 1";

  private final Database database;
  private final EventTypes types;
  private final Bands bands;

  JournalReader(Database database, EventTypes types, Bands bands) {
    this.database = database;
    this.types = types;
    this.bands = bands;
  }

  List<Recorded> read(RunId run, int afterSeq, int limit) {
    return database.asking().soon(connection -> read(connection, run, afterSeq, limit));
  }

  private List<Recorded> read(Connection connection, RunId run, int afterSeq, int limit)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ONE)) {
      statement.setInt(1, bands.of(run.value()));
      statement.setLong(2, run.value());
      statement.setInt(3, afterSeq);
      statement.setInt(4, limit);
      List<Recorded> events = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          events.add(recorded(rows));
        }
      }
      return events;
    }
  }

  Map<RunId, List<Recorded>> readAll(Collection<RunId> runs) {
    // Band by band, so that the server looks at the tables of that band only.
    Map<Integer, List<Long>> byBand = new TreeMap<>();
    for (RunId run : runs) {
      byBand.computeIfAbsent(bands.of(run.value()), band -> new ArrayList<>()).add(run.value());
    }
    return database
        .asking()
        .atLength(connection -> {
          Map<RunId, List<Recorded>> found = new LinkedHashMap<>();
          for (Map.Entry<Integer, List<Long>> band : byBand.entrySet()) {
            readAll(connection, band.getKey(), band.getValue(), found);
          }
          return found;
        });
  }

  private void readAll(
      Connection connection, int band, List<Long> ids, Map<RunId, List<Recorded>> found)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MANY)) {
      statement.setInt(1, band);
      statement.setArray(2, connection.createArrayOf("int8", ids.toArray()));
      statement.setLong(3, Collections.min(ids));
      statement.setLong(4, Collections.max(ids));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Recorded event = recorded(rows);
          found.computeIfAbsent(event.run(), run -> new ArrayList<>()).add(event);
        }
      }
    }
  }

  private Recorded recorded(ResultSet row) throws SQLException {
    return new Recorded(
        new RunId(row.getLong(1)),
        row.getInt(2),
        Entry.instant(row.getLong(3)),
        EventCodec.decode(types.name(row.getShort(4)), row.getString(5)));
  }

  String attachment(String hash) {
    // Nearly always a recent run asks; to look through every band there is takes longer.
    int recent = bands.current() - 1;
    return database
        .asking()
        .soon(connection -> attachment(connection, hash, recent))
        .or(() -> database.asking().soon(connection -> attachment(connection, hash, 0)))
        .orElseThrow(() ->
            Problem.of(ProblemCode.NOT_FOUND, "the journal has no attachment " + hash).refusal());
  }

  private static Optional<String> attachment(Connection connection, String hash, int oldest)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ATTACHMENT)) {
      statement.setString(1, hash);
      statement.setInt(2, oldest);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          return Optional.empty();
        }
        String body = rows.getString(1);
        return Optional.of(rows.getBoolean(2) ? PgText.unquoted(body) : body);
      }
    }
  }
}
