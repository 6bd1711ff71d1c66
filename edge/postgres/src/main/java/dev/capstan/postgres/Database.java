package dev.capstan.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The database: the one given, or the embedded one; its schema is up to date when it is open. */
public final class Database implements AutoCloseable {
  private static final int OLDEST_SERVER = 15;
  private static final int POOL = 8;

  private final DatabaseAddress address;
  private final HikariDataSource pool;
  private final Asking asking;
  private final @Nullable EmbeddedPostgres server;

  private Database(DatabaseAddress address, @Nullable EmbeddedPostgres server) {
    this.address = address;
    this.server = server;
    try {
      greet();
      this.pool = pool(address);
      this.asking = new Asking(pool, POOL);
    } catch (RuntimeException failed) {
      if (server != null) {
        server.close();
      }
      throw failed;
    }
  }

  /** Starts the embedded server in this folder (CAPSTAN_HOME) and opens its database. Blocks. */
  public static Database embedded(Path home) {
    EmbeddedPostgres server = EmbeddedPostgres.start(home);
    return new Database(
        new DatabaseAddress(server.jdbcUrl("postgres"), server.user(), server.password()), server);
  }

  /**
   * Opens the database at this address ({@code DATABASE_URL}). Throws a {@link
   * dev.capstan.kernel.Refusal} of {@code invalid_request} for no address, and of {@code
   * unavailable} when it does not answer or is older than PostgreSQL 15. Blocks.
   */
  public static Database at(String databaseUrl) {
    return new Database(DatabaseAddress.parse(databaseUrl), null);
  }

  /** For tests: another database of the same server. */
  static Database at(DatabaseAddress address) {
    return new Database(address, null);
  }

  private void greet() {
    try (Connection connection = connect("greeting", "")) {
      int major = connection.getMetaData().getDatabaseMajorVersion();
      if (major < OLDEST_SERVER) {
        throw Problem.of(
                ProblemCode.UNAVAILABLE,
                "PostgreSQL " + OLDEST_SERVER + " or newer is needed; this one is " + major)
            .refusal();
      }
      Schema.bringUpToDate(connection, address);
    } catch (SQLException failed) {
      throw Faults.refusal(failed);
    }
  }

  private static HikariDataSource pool(DatabaseAddress address) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(address.url());
    config.setDataSourceProperties(address.credentials());
    config.setPoolName("capstan");
    config.setMaximumPoolSize(POOL);
    config.setMinimumIdle(1);
    config.setIdleTimeout(60_000);
    config.setConnectionTimeout(5_000);
    config.setValidationTimeout(2_000);
    config.setInitializationFailTimeout(-1);
    config.addDataSourceProperty("ApplicationName", "capstan");
    config.addDataSourceProperty("socketTimeout", "120");
    config.addDataSourceProperty("tcpKeepAlive", "true");
    return new HikariDataSource(config);
  }

  /** Short work of many threads. */
  public DataSource pool() {
    return pool;
  }

  /** Asking by way of the pool, whatever becomes of its connections. */
  Asking asking() {
    return asking;
  }

  /**
   * A connection of one's own, for a writer that lives long.
   *
   * @param options settings of the session, as {@code -c name=value}
   */
  Connection connect(String name, String options) throws SQLException {
    Properties properties = address.credentials();
    properties.setProperty("ApplicationName", "capstan " + name);
    properties.setProperty("tcpKeepAlive", "true");
    properties.setProperty("socketTimeout", "60");
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("prepareThreshold", "1");
    if (!options.isEmpty()) {
      properties.setProperty("options", options);
    }
    return DriverManager.getConnection(address.url(), properties);
  }

  /** Whether nobody else can use it: then every earlier worker is dead. */
  public boolean isEmbedded() {
    return server != null;
  }

  /** The embedded server, when there is one. */
  public @Nullable EmbeddedPostgres server() {
    return server;
  }

  /** Where it is, without secrets. */
  @Override
  public String toString() {
    return address.toString();
  }

  /** Closes every connection and stops the embedded server. Blocks. */
  @Override
  public void close() {
    asking.close();
    pool.close();
    if (server != null) {
      server.close();
    }
  }
}
