package dev.capstan.postgres;

import dev.capstan.journal.RunStatus;
import dev.capstan.views.RunCursor;
import dev.capstan.views.RunFilter;
import dev.capstan.views.RunSummary;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A filter as a question to {@code run_view}. */
final class RunListQuery {
  private final StringBuilder where = new StringBuilder("tenant = ? and run_id < ?");
  private final List<Object> values = new ArrayList<>();

  RunListQuery(RunFilter filter, RunCursor cursor) {
    values.add(filter.tenant().value());
    values.add(cursor.before().value());
    if (!filter.statuses().isEmpty()) {
      and(
          "status = any(?)",
          filter.statuses().stream().map(RunStatus::wireName).toArray(String[]::new));
    }
    String text = filter.text();
    if (text != null) {
      String pattern = "%" + text.replace("\0", "").replaceAll("([\\\\%_])", "\\\\$1") + "%";
      and("(name ilike ? or prompt ilike ?)", pattern);
      values.add(pattern);
    }
    if (filter.createdAfter() != null) {
      and("created_at >= ?", Entry.micros(filter.createdAfter()));
    }
    if (filter.createdBefore() != null) {
      and("created_at < ?", Entry.micros(filter.createdBefore()));
    }
    if (filter.parent() != null) {
      and("parent_run = ?", filter.parent().value());
    }
  }

  private void and(String condition, Object value) {
    where.append(" and ").append(condition);
    values.add(value);
  }

  List<RunSummary> run(Connection connection, int limit) throws SQLException {
    String sql =
        "select "
            + ViewRows.NAMES
            + " from run_view where "
            + where
            + " order by run_id desc limit ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      int place = 1;
      for (Object value : values) {
        if (value instanceof String[] texts) {
          statement.setArray(place++, connection.createArrayOf("text", texts));
        } else {
          statement.setObject(place++, value);
        }
      }
      statement.setInt(place, limit);
      List<RunSummary> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(ViewRows.read(rows));
        }
      }
      return found;
    }
  }
}
