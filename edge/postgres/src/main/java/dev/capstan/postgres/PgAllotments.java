package dev.capstan.postgres;

import dev.capstan.llm.limit.Allotments;
import dev.capstan.llm.limit.Limit;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Allotments in PostgreSQL, by its clock. A draw that is asked twice because the first answer was
 * lost counts twice: too much is counted then, and never too little.
 */
public final class PgAllotments implements Allotments {
  private static final String DRAW =
      "select granted, lot, free_in from limit_draw(?, ?, ?::smallint, ?, ?, ?, ?, ?, ?, ?)";

  private final Database database;
  private final long process;

  /** {@code process} tells this process from the others. */
  public PgAllotments(Database database, long process) {
    this.database = database;
    this.process = process;
  }

  @Override
  public List<Grant> draw(List<Wish> wishes) {
    return database
        .asking()
        .soon(connection -> {
          connection.setAutoCommit(false);
          List<Grant> grants = draw(connection, wishes);
          connection.commit();
          return grants;
        });
  }

  private List<Grant> draw(Connection connection, List<Wish> wishes) throws SQLException {
    Grant[] grants = new Grant[wishes.size()];
    try (PreparedStatement statement = connection.prepareStatement(DRAW)) {
      for (int i : inOrderOfLocking(wishes)) {
        grants[i] = draw(connection, statement, wishes.get(i));
      }
    }
    return Arrays.asList(grants);
  }

  /** Everybody locks gates in one order. */
  private static List<Integer> inOrderOfLocking(List<Wish> wishes) {
    Comparator<Integer> byGate =
        Comparator.comparing((Integer i) -> wishes.get(i).limit().key())
            .thenComparing(i -> wishes.get(i).limit().unit())
            .thenComparing(i -> wishes.get(i).limit().window());
    return IntStream.range(0, wishes.size()).boxed().sorted(byGate).toList();
  }

  private Grant draw(Connection connection, PreparedStatement statement, Wish wish)
      throws SQLException {
    Limit limit = wish.limit();
    List<Long> lots = new ArrayList<>();
    List<Long> backs = new ArrayList<>();
    for (Map.Entry<Long, Long> back : wish.givenBack().entrySet()) {
      lots.add(back.getKey());
      backs.add(back.getValue());
    }
    statement.setLong(1, process);
    statement.setString(2, limit.key());
    statement.setInt(3, limit.unit() == Limit.Unit.TOKENS ? 1 : 0);
    statement.setLong(4, micros(limit.window()));
    statement.setLong(5, limit.most());
    statement.setLong(6, wish.amount());
    statement.setLong(7, micros(wish.valid()));
    statement.setArray(8, array(connection, lots));
    statement.setArray(9, array(connection, backs));
    statement.setLong(10, wish.owed());
    try (ResultSet rows = statement.executeQuery()) {
      if (!rows.next()) {
        throw new SQLException("limit_draw answered nothing");
      }
      return new Grant(rows.getLong(1), rows.getLong(2), Duration.ofNanos(rows.getLong(3) * 1_000));
    }
  }

  private static Array array(Connection connection, List<Long> values) throws SQLException {
    return connection.createArrayOf("bigint", values.toArray());
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1_000;
  }
}
