package dev.capstan.postgres;

import dev.capstan.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One real server for all tests of this JVM; every caller gets a fresh database of it. */
public final class TestServer {
  private static final AtomicInteger DATABASES = new AtomicInteger();

  /** Started for the first who needs it: not everybody who asks has a database of it. */
  private static final class Running {
    static final EmbeddedPostgres SERVER = start();
  }

  private TestServer() {}

  private static EmbeddedPostgres start() {
    EmbeddedPostgres server = EmbeddedPostgres.start(TestHomes.make());
    TestHomes.atEnd(server::close);
    try (Database template =
        Database.at(
            new DatabaseAddress(server.jdbcUrl("postgres"), server.user(), server.password()))) {
      return server;
    }
  }

  /** A database with an up-to-date schema and nothing in it. */
  public static Database freshDatabase() {
    String name = "test_" + DATABASES.incrementAndGet();
    run("create database " + name + " template postgres");
    return database(name);
  }

  /** Closes it and removes it, so that the server has less to put in order when it stops. */
  static void drop(Database database) {
    database.close();
    String url = database.toString();
    run("drop database " + url.substring(url.lastIndexOf('/') + 1) + " with (force)");
  }

  static Database database(String name) {
    return Database.at(address(name));
  }

  private static DatabaseAddress address(String name) {
    return new DatabaseAddress(server().jdbcUrl(name), server().user(), server().password());
  }

  /** A database without any schema. */
  static DatabaseAddress emptyDatabase() {
    String name = "test_" + DATABASES.incrementAndGet();
    run("create database " + name + " template template0");
    return address(name);
  }

  static EmbeddedPostgres server() {
    return Running.SERVER;
  }

  /** The first column of what a database answers. */
  static List<String> ask(Database database, String sql) {
    try (Connection connection = database.connect("test", "");
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> found = new ArrayList<>();
      while (rows.next()) {
        found.add(rows.getString(1));
      }
      return found;
    } catch (SQLException failed) {
      throw new AssertionError(sql, failed);
    }
  }

  /** The one number that it answers. */
  static long number(Database database, String sql) {
    return Long.parseLong(ask(database, sql).getFirst());
  }

  private static void run(String sql) {
    try (Connection connection =
            DriverManager.getConnection(
                server().jdbcUrl("template1"), server().user(), server().password());
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failed) {
      throw new AssertionError(sql, failed);
    }
  }
}
