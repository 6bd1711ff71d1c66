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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Asks the journal's table. */
final class JournalReader {
  private static final String COLUMNS =
      "select j.run_id, j.seq, j.at, j.type, coalesce(j.payload, a.body)"
          + " from journal j left join attachment a on a.hash = j.payload_ref ";

  private static final String ONE =
      COLUMNS + "where j.run_id = ? and j.seq > ? order by j.seq limit ?";

  private static final String MANY = COLUMNS + "where j.run_id = any(?) order by j.run_id, j.seq";

  private static final String ATTACHMENT = "select body, quoted from attachment where hash = ?";

  private final Database database;
  private final EventTypes types;

  JournalReader(Database database, EventTypes types) {
    this.database = database;
    this.types = types;
  }

  List<Recorded> read(RunId run, int afterSeq, int limit) {
    return database.asking().soon(connection -> read(connection, run, afterSeq, limit));
  }

  private List<Recorded> read(Connection connection, RunId run, int afterSeq, int limit)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ONE)) {
      statement.setLong(1, run.value());
      statement.setInt(2, afterSeq);
      statement.setInt(3, limit);
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
    Long[] ids = runs.stream().map(RunId::value).toArray(Long[]::new);
    return database.asking().atLength(connection -> readAll(connection, ids));
  }

  private Map<RunId, List<Recorded>> readAll(Connection connection, Long[] ids)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(MANY)) {
      statement.setArray(1, connection.createArrayOf("int8", ids));
      Map<RunId, List<Recorded>> found = new LinkedHashMap<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Recorded event = recorded(rows);
          found.computeIfAbsent(event.run(), run -> new ArrayList<>()).add(event);
        }
      }
      return found;
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
    return database.asking().soon(connection -> attachment(connection, hash));
  }

  private static String attachment(Connection connection, String hash) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ATTACHMENT)) {
      statement.setString(1, hash);
      try (ResultSet rows = statement.executeQuery()) {
        if (!rows.next()) {
          throw Problem.of(ProblemCode.NOT_FOUND, "the journal has no attachment " + hash)
              .refusal();
        }
        String body = rows.getString(1);
        return rows.getBoolean(2) ? PgText.unquoted(body) : body;
      }
    }
  }
}
