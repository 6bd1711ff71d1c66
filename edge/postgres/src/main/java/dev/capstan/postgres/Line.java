package dev.capstan.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * A connection of one's own, opened when it is first needed and again after it broke. What is asked
 * seldom is asked here: a pool tries a connection before it hands it out, and that trial is a
 * transaction, too.
 */
final class Line implements AutoCloseable {
  private final Database database;
  private final String name;
  private @Nullable Connection connection;

  /** What is asked; may be asked twice. */
  interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  Line(Database database, String name) {
    this.database = database;
    this.name = name;
  }

  /** Asks; once more on a new connection when the one at hand may have died while it was idle. */
  synchronized <T> T ask(Question<T> question) throws SQLException {
    Connection kept = connection;
    if (kept != null) {
      try {
        return question.ask(kept);
      } catch (SQLException died) {
        close();
      }
    }
    Connection fresh = database.connect(name, "");
    connection = fresh;
    try {
      return question.ask(fresh);
    } catch (SQLException failed) {
      close();
      throw failed;
    }
  }

  @Override
  public synchronized void close() {
    Connection old = connection;
    connection = null;
    if (old != null) {
      try {
        old.close();
      } catch (SQLException gone) {
        // It was broken, which is why we leave it.
        System.getLogger(Line.class.getName())
            .log(System.Logger.Level.DEBUG, "a broken connection did not close", gone);
      }
    }
  }
}
