package dev.capstan.postgres;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import dev.capstan.llm.budget.Costs;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Sums over the ledger's rows. */
public final class PgCosts implements Costs {
  private final Database database;

  public PgCosts(Database database) {
    this.database = database;
  }

  @Override
  public List<Sum> sums(By by, Selection selection, int most) {
    return database.asking().soon(connection -> sums(connection, by, selection, most));
  }

  /** The names of the columns are ours, never a caller's. */
  private static String sql(By by) {
    String columns = by.names().stream().map(PgCosts::column).collect(Collectors.joining(", "));
    return "select "
        + columns
        + ", count(*), sum(input), sum(cached), sum(output), sum(cost)"
        + " from ledger_row where tenant = ?"
        + " and (?::bigint is null or run_id = ?) and (?::bigint is null or at >= ?)"
        + switch (by) {
          case RUN, STEP -> " and run_id is not null";
          case AGENT -> " and agent <> ''";
          case KEY -> " and key <> ''";
          case MODEL, PROVIDER, TENANT -> "";
        }
        + " group by "
        + columns
        + " order by sum(cost) desc, "
        + columns
        + " limit ?";
  }

  private static String column(String name) {
    return name.equals("run") ? "run_id" : name;
  }

  private static List<Sum> sums(Connection connection, By by, Selection selection, int most)
      throws SQLException {
    RunId run = selection.run();
    Instant since = selection.since();
    try (PreparedStatement statement = connection.prepareStatement(sql(by))) {
      statement.setString(1, selection.tenant().value());
      Long number = run == null ? null : run.value();
      statement.setObject(2, number, java.sql.Types.BIGINT);
      statement.setObject(3, number, java.sql.Types.BIGINT);
      Long micros = since == null ? null : micros(since);
      statement.setObject(4, micros, java.sql.Types.BIGINT);
      statement.setObject(5, micros, java.sql.Types.BIGINT);
      statement.setInt(6, most);
      List<Sum> sums = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          sums.add(sum(row, by));
        }
      }
      return sums;
    }
  }

  private static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
  }

  private static Sum sum(ResultSet row, By by) throws SQLException {
    Map<String, String> who = new LinkedHashMap<>();
    int column = 1;
    for (String name : by.names()) {
      who.put(
          name,
          name.equals("run") ? new RunId(row.getLong(column)).toString() : row.getString(column));
      column++;
    }
    return new Sum(
        who,
        row.getLong(column),
        row.getLong(column + 1),
        row.getLong(column + 2),
        row.getLong(column + 3),
        new Money(row.getBigDecimal(column + 4).longValueExact()));
  }
}
