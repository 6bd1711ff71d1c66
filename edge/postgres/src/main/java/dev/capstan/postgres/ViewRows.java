package dev.capstan.postgres;

import dev.capstan.journal.Failure;
import dev.capstan.journal.RunStatus;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.views.RunSummary;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Summaries as rows of {@code run_view} and back. */
final class ViewRows {
  private record Column(String name, String type, Function<RunSummary, @Nullable Object> value) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("run_id", "int8", summary -> summary.run().value()),
          new Column("owner", "int8", RunSummary::owner),
          new Column("created_at", "int8", summary -> Entry.micros(summary.createdAt())),
          new Column("started_at", "int8", summary -> micros(summary.startedAt())),
          new Column("ended_at", "int8", summary -> micros(summary.endedAt())),
          new Column("parent_run", "int8", summary -> number(summary.parent())),
          new Column("forked_from", "int8", summary -> number(summary.forkedFrom())),
          new Column("seq", "int4", RunSummary::seq),
          new Column("priority", "int4", RunSummary::priority),
          new Column("steps_total", "int4", RunSummary::stepsTotal),
          new Column("steps_done", "int4", RunSummary::stepsDone),
          new Column("steps_failed", "int4", RunSummary::stepsFailed),
          new Column("tenant", "text", summary -> summary.tenant().value()),
          new Column("status", "text", summary -> summary.status().wireName()),
          new Column("name", "text", RunSummary::name),
          new Column("prompt", "text", RunSummary::prompt),
          new Column(
              "failure_code",
              "text",
              summary -> summary.failure() == null ? null : summary.failure().code()),
          new Column(
              "failure_detail",
              "text",
              summary -> summary.failure() == null ? null : summary.failure().detail()));

  static final String NAMES = COLUMNS.stream().map(Column::name).collect(Collectors.joining(", "));

  /** An older fold never overwrites a newer one, whoever comes first. */
  private static final String UPSERT =
      "insert into run_view ("
          + NAMES
          + ") select * from unnest("
          + COLUMNS.stream().map(c -> "?::" + c.type() + "[]").collect(Collectors.joining(", "))
          + ") on conflict (run_id) do update set "
          + COLUMNS.stream()
              .skip(1)
              .map(c -> c.name() + " = excluded." + c.name())
              .collect(Collectors.joining(", "))
          + " where run_view.seq < excluded.seq";

  private static final int MOST_ROWS = 1_000;

  private ViewRows() {}

  private static @Nullable Long micros(@Nullable Instant at) {
    return at == null ? null : Entry.micros(at);
  }

  private static @Nullable Long number(@Nullable RunId run) {
    return run == null ? null : run.value();
  }

  static void upsert(Connection connection, Collection<RunSummary> summaries) throws SQLException {
    List<RunSummary> all = new ArrayList<>(summaries);
    try (PreparedStatement statement = connection.prepareStatement(UPSERT)) {
      for (int from = 0; from < all.size(); from += MOST_ROWS) {
        List<RunSummary> some = all.subList(from, Math.min(all.size(), from + MOST_ROWS));
        for (int i = 0; i < COLUMNS.size(); i++) {
          Column column = COLUMNS.get(i);
          @Nullable Object[] values = some.stream().map(column.value()).toArray();
          statement.setArray(i + 1, connection.createArrayOf(column.type(), typed(column, values)));
        }
        statement.executeUpdate();
      }
    }
  }

  /** Arrays of a known type travel in binary, which is cheaper. */
  private static @Nullable Object[] typed(Column column, @Nullable Object[] values) {
    return switch (column.type()) {
      case "int8" -> Arrays.copyOf(values, values.length, Long[].class);
      case "int4" -> Arrays.copyOf(values, values.length, Integer[].class);
      default -> Arrays.copyOf(values, values.length, String[].class);
    };
  }

  static RunSummary read(ResultSet row) throws SQLException {
    String code = row.getString("failure_code");
    Instant created = instant(row, "created_at");
    return new RunSummary(
        new RunId(row.getLong("run_id")),
        new TenantId(row.getString("tenant")),
        RunStatus.valueOf(row.getString("status").toUpperCase(Locale.ROOT)),
        row.getString("name"),
        row.getString("prompt"),
        row.getInt("priority"),
        created == null ? Instant.EPOCH : created,
        instant(row, "started_at"),
        instant(row, "ended_at"),
        row.getInt("seq"),
        row.getLong("owner"),
        row.getInt("steps_total"),
        row.getInt("steps_done"),
        row.getInt("steps_failed"),
        code == null ? null : new Failure(code, row.getString("failure_detail")),
        run(row, "parent_run"),
        run(row, "forked_from"));
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : Entry.instant(micros);
  }

  private static @Nullable RunId run(ResultSet row, String column) throws SQLException {
    long number = row.getLong(column);
    return row.wasNull() ? null : new RunId(number);
  }
}
