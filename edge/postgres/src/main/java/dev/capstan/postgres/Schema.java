package dev.capstan.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;

/** Brings the tables up to date. Asks cheaply first: Flyway alone takes longer than the server. */
final class Schema {
  /** The newest file in {@code db/migration}; a test keeps this true. */
  static final String NEWEST = "13";

  private static final String HISTORY = "flyway_schema_history";

  private Schema() {}

  static void bringUpToDate(Connection connection, DatabaseAddress address) throws SQLException {
    if (!isCurrent(connection)) {
      Flyway.configure()
          .dataSource(address.source())
          .locations("classpath:db/migration")
          .table(HISTORY)
          .load()
          .migrate();
    }
  }

  private static boolean isCurrent(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      try (ResultSet there =
          statement.executeQuery("select to_regclass('" + HISTORY + "') is not null")) {
        if (!there.next() || !there.getBoolean(1)) {
          return false;
        }
      }
      try (ResultSet newest =
          statement.executeQuery(
              "select version, success from "
                  + HISTORY
                  + " order by installed_rank desc limit 1")) {
        return newest.next() && newest.getBoolean(2) && NEWEST.equals(newest.getString(1));
      }
    }
  }
}
