package dev.capstan.postgres;

import dev.capstan.journal.EventCodec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The journal's numbers for events' names. A name keeps its number for ever. */
final class EventTypes {
  private final Map<String, Short> codes = new HashMap<>();
  private final Map<Short, String> names = new HashMap<>();

  private EventTypes() {}

  /** Reads the numbers, giving one to every name that has none yet. */
  static EventTypes load(Connection connection) throws SQLException {
    EventTypes types = read(connection);
    if (!types.codes.keySet().containsAll(EventCodec.wireNames())) {
      types.number(connection);
      types = read(connection);
    }
    return types;
  }

  private static EventTypes read(Connection connection) throws SQLException {
    EventTypes types = new EventTypes();
    try (PreparedStatement statement =
            connection.prepareStatement("select code, name from event_type");
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        types.codes.put(rows.getString(2), rows.getShort(1));
        types.names.put(rows.getShort(1), rows.getString(2));
      }
    }
    return types;
  }

  private void number(Connection connection) throws SQLException {
    Set<String> fresh = new java.util.TreeSet<>(EventCodec.wireNames());
    fresh.removeAll(codes.keySet());
    boolean before = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try (PreparedStatement lock =
            connection.prepareStatement("lock table event_type in share row exclusive mode");
        PreparedStatement insert =
            connection.prepareStatement(
                "insert into event_type (code, name)"
                    + " select coalesce(max(code), 0) + 1, ? from event_type"
                    + " on conflict (name) do nothing")) {
      lock.execute();
      for (String name : fresh) {
        insert.setString(1, name);
        insert.executeUpdate();
      }
      connection.commit();
    } finally {
      connection.setAutoCommit(before);
    }
  }

  short code(String name) {
    Short code = codes.get(name);
    if (code == null) {
      throw new IllegalStateException("the journal has no number for '" + name + "'");
    }
    return code;
  }

  /** A newer Capstan may have numbered names since this one looked. */
  String name(short code) {
    @Nullable String name = names.get(code);
    return name == null ? "event " + code : name;
  }
}
