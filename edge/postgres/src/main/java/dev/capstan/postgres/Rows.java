package dev.capstan.postgres;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Entries as columns, which is how one statement takes thousands of rows. */
final class Rows {
  /** Their columns in a statement. */
  static final String UNNEST =
      "unnest(?::bigint[], ?::bigint[], ?::int[], ?::smallint[], ?::text[], ?::text[])";

  private final long[] runs;
  private final long[] ats;
  private final int[] seqs;
  private final short[] types;
  private final @Nullable String[] payloads;
  private final @Nullable String[] refs;

  private Rows(int count) {
    runs = new long[count];
    ats = new long[count];
    seqs = new int[count];
    types = new short[count];
    payloads = new String[count];
    refs = new String[count];
  }

  static Rows of(List<Entry> entries) {
    int count = 0;
    for (Entry entry : entries) {
      count += entry.rows();
    }
    Rows rows = new Rows(count);
    int at = 0;
    for (Entry entry : entries) {
      rows.place(entry, at);
      at += entry.rows();
    }
    return rows;
  }

  private void place(Entry entry, int from) {
    int count = entry.rows();
    for (int i = 0; i < count; i++) {
      runs[from + i] = entry.run;
      seqs[from + i] = entry.firstSeq + i;
    }
    System.arraycopy(entry.at, 0, ats, from, count);
    System.arraycopy(entry.types, 0, types, from, count);
    System.arraycopy(entry.payloads, 0, payloads, from, count);
    System.arraycopy(entry.refs, 0, refs, from, count);
  }

  void bind(PreparedStatement statement, int first) throws SQLException {
    PGConnection server = statement.getConnection().unwrap(PGConnection.class);
    statement.setArray(first, server.createArrayOf("int8", runs));
    statement.setArray(first + 1, server.createArrayOf("int8", ats));
    statement.setArray(first + 2, server.createArrayOf("int4", seqs));
    statement.setArray(first + 3, server.createArrayOf("int2", types));
    statement.setArray(first + 4, server.createArrayOf("text", payloads));
    statement.setArray(first + 5, server.createArrayOf("text", refs));
  }

  static Array texts(Connection connection, List<String> texts) throws SQLException {
    return connection.createArrayOf("text", texts.toArray());
  }

  static Array numbers(Connection connection, List<Integer> numbers) throws SQLException {
    return connection.createArrayOf("int4", numbers.toArray());
  }

  static Array flags(Connection connection, List<Boolean> flags) throws SQLException {
    return connection.createArrayOf("bool", flags.toArray());
  }
}
