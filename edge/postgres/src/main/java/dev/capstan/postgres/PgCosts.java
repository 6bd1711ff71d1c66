package dev.capstan.postgres;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import dev.capstan.llm.budget.Costs;
import java.math.BigDecimal;
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

/** Sums over the ledger's rows, and over the days that older rows were folded into. */
public final class PgCosts implements Costs {
  private static final String SELECTED =
      " tenant = ? and (?::bigint is null or run_id = ?) and (?::bigint is null or at >= ?)";

  private static final int SELECTED_BY = 5;

  private static final String ROWS =
      "select 1::bigint as calls, input, cached, output, cost, run_id, step, tenant, key, agent,"
          + " provider, model from ledger_row where"
          + SELECTED;

  /**
   * Of rows that are folded nobody knows the run, and the time to the day: only whole ones count.
   */
  private static final String DAYS =
      "select calls, input, cached, output, cost, null, '', tenant, key, agent, provider, model"
          + " from (select *, null::bigint as run_id,"
          + " (extract(epoch from day) * 1000000)::bigint as at from ledger_day) d where"
          + SELECTED;

  private final Database database;

  public PgCosts(Database database) {
    this.database = database;
  }

  @Override
  public Sums sums(By by, Selection selection, int most) {
    return database.asking().soon(connection -> sums(connection, by, selection, most));
  }

  @Override
  public Lost lost(Selection selection, int most) {
    return database.asking().soon(connection -> PgLosses.select(connection, selection, most));
  }

  /** The names of the columns are ours, never a caller's. */
  private static String sql(By by) {
    String columns = by.names().stream().map(PgCosts::column).collect(Collectors.joining(", "));
    return "select "
        + columns
        + ", sum(calls), sum(input), sum(cached), sum(output), sum(cost), count(*) over () as many,"
        + " sum(sum(cost)) over () as together from ("
        + ROWS
        + " union all "
        + DAYS
        + ") spent"
        + switch (by) {
          case RUN, STEP -> " where run_id is not null";
          case AGENT -> " where agent <> ''";
          case KEY -> " where key <> ''";
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

  private static Sums sums(Connection connection, By by, Selection selection, int most)
      throws SQLException {
    RunId run = selection.run();
    Instant since = selection.since();
    try (PreparedStatement statement = connection.prepareStatement(sql(by))) {
      Long number = run == null ? null : run.value();
      Long micros = since == null ? null : micros(since);
      for (int part = 0; part < 2; part++) {
        int first = part * SELECTED_BY;
        statement.setString(first + 1, selection.tenant().value());
        statement.setObject(first + 2, number, java.sql.Types.BIGINT);
        statement.setObject(first + 3, number, java.sql.Types.BIGINT);
        statement.setObject(first + 4, micros, java.sql.Types.BIGINT);
        statement.setObject(first + 5, micros, java.sql.Types.BIGINT);
      }
      statement.setInt(2 * SELECTED_BY + 1, most);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return Sums.NONE;
        }
        long many = row.getLong("many");
        Money together = money(row.getBigDecimal("together"));
        List<Sum> sums = new ArrayList<>();
        do {
          sums.add(sum(row, by));
        } while (row.next());
        return new Sums(sums, many, together);
      }
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
        money(row.getBigDecimal(column + 4)));
  }

  private static Money money(BigDecimal pico) {
    return new Money(pico.longValueExact());
  }
}
