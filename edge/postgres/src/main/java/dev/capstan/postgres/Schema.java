package dev.capstan.postgres;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/** Brings the tables up to date. Asks cheaply first: Flyway alone takes longer than the server. */
final class Schema {
  /** The newest file in {@code db/migration}; a test keeps this true. */
  static final String NEWEST = "1";

  private static final String HISTORY = "flyway_schema_history";

  private Schema() {}

  /** How to get a connection. */
  interface Door {
    Connection open() throws SQLException;
  }

  static void bringUpToDate(Connection connection, Door door) throws SQLException {
    if (!isCurrent(connection)) {
      Flyway.configure()
          .dataSource(new DoorSource(door))
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

  /** A data source that Flyway takes, without a pool. */
  private record DoorSource(Door door) implements DataSource {
    @Override
    public Connection getConnection() throws SQLException {
      return door.open();
    }

    @Override
    public Connection getConnection(String user, String password) throws SQLException {
      return door.open();
    }

    @Override
    public @Nullable PrintWriter getLogWriter() {
      return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
      return 0;
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
      throw new SQLFeatureNotSupportedException();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
      throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
      return false;
    }
  }
}
