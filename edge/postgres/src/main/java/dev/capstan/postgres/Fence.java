package dev.capstan.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.postgresql.PGConnection;

/**
 * The careful way to write a batch in which somebody holds a place already: inserts what it can,
 * then takes back every append that did not get all of its places, and every later one of the same
 * run, before it commits. What we wrote ourselves in an attempt of doubtful end counts as written.
 */
final class Fence {
  private static final String INSERT =
      "insert into journal (run_id, at, seq, type, payload, payload_ref) select * from "
          + Rows.UNNEST
          + " on conflict do nothing returning run_id, seq";

  private static final String DELETE =
      "delete from journal j using unnest(?::bigint[], ?::int[]) as gone (run_id, seq)"
          + " where j.run_id = gone.run_id and j.seq = gone.seq";

  private static final String READ =
      "select at, type, payload, payload_ref from journal"
          + " where run_id = ? and seq between ? and ? order by seq";

  private final Connection connection;

  Fence(Connection connection) {
    this.connection = connection;
  }

  private record Place(long run, int seq) {}

  interface Before {
    void run() throws SQLException;
  }

  /** Within the caller's transaction. Returns what lost. */
  Set<Entry> write(List<Entry> batch, Before before) throws SQLException {
    before.run();
    Set<Place> inserted = insert(batch);
    Set<Entry> lost = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Place> taken = new ArrayList<>();
    for (List<Entry> ofRun : BatchWriter.byRun(batch).values()) {
      boolean fenced = false;
      for (Entry entry : ofRun) {
        // A place that was inserted belongs to the first of those that brought it.
        List<Place> got = places(entry).stream().filter(inserted::remove).toList();
        fenced = fenced || (got.size() < entry.rows() && !isOurs(entry, got));
        if (fenced) {
          lost.add(entry);
          taken.addAll(got);
        }
      }
    }
    takeBack(taken);
    return lost;
  }

  private Set<Place> insert(List<Entry> batch) throws SQLException {
    Set<Place> inserted = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(INSERT)) {
      Rows.of(batch).bind(statement, 1);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          inserted.add(new Place(rows.getLong(1), rows.getInt(2)));
        }
      }
    }
    return inserted;
  }

  private static List<Place> places(Entry entry) {
    List<Place> places = new ArrayList<>(entry.rows());
    for (int i = 0; i < entry.rows(); i++) {
      places.add(new Place(entry.run, entry.firstSeq + i));
    }
    return places;
  }

  /** Whether all of it is there already because an earlier attempt did succeed. */
  private boolean isOurs(Entry entry, List<Place> got) throws SQLException {
    if (!entry.doubtful || !got.isEmpty()) {
      return false;
    }
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      statement.setLong(1, entry.run);
      statement.setInt(2, entry.firstSeq);
      statement.setInt(3, entry.lastSeq());
      try (ResultSet rows = statement.executeQuery()) {
        int same = 0;
        while (rows.next() && same < entry.rows()) {
          boolean equal =
              rows.getLong(1) == entry.at[same]
                  && rows.getShort(2) == entry.types[same]
                  && Objects.equals(rows.getString(3), entry.payloads[same])
                  && Objects.equals(rows.getString(4), entry.refs[same]);
          if (!equal) {
            return false;
          }
          same++;
        }
        return same == entry.rows();
      }
    }
  }

  private void takeBack(List<Place> taken) throws SQLException {
    if (taken.isEmpty()) {
      return;
    }
    PGConnection server = connection.unwrap(PGConnection.class);
    try (PreparedStatement statement = connection.prepareStatement(DELETE)) {
      statement.setArray(
          1, server.createArrayOf("int8", taken.stream().mapToLong(Place::run).toArray()));
      statement.setArray(
          2, server.createArrayOf("int4", taken.stream().mapToInt(Place::seq).toArray()));
      statement.executeUpdate();
    }
  }
}
