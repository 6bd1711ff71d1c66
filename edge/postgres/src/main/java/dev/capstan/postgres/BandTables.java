package dev.capstan.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Makes and drops the tables of bands, each in one transaction, one at a time whoever asks. Nobody
 * is held up long: what does not get a lock soon gives up, and is tried again by the caller.
 */
final class BandTables {
  private static final String ONE_AT_A_TIME = "select pg_advisory_xact_lock(4221181150)";

  /** Making a band stops only those who read or write what belongs to no band. */
  private static final String PATIENCE_TO_MAKE = "set local lock_timeout = '2s'";

  /** Dropping one stops everybody; given up before the server begins to look for deadlocks. */
  private static final String PATIENCE_TO_DROP = "set local lock_timeout = '300ms'";

  private static final String IS_LIVE = "select from band where number = ? and dropped_at is null";

  private static final String NOTE_MADE =
      "insert into band (number, is_first) values (?, ?) on conflict (number)"
          + " do update set made_at = now(), dropped_at = null, emptied_at = null";

  private static final String NOTE_DROPPED =
      "update band set dropped_at = now(), emptied_at = null where number = ?";

  private BandTables() {}

  /** Makes the band's tables unless they are there; takes in what came before them. */
  static void make(Connection connection, Band band) throws SQLException {
    String journal = band.journalTable();
    String attachment = band.attachmentTable();
    inTransaction(
        connection,
        PATIENCE_TO_MAKE,
        statement -> {
          if (isLive(connection, band)) {
            return Unfinished.NONE;
          }
          statement.execute("create table " + journal + " (like journal including all)");
          statement.execute("create table " + attachment + " (like attachment including all)");
          // In the order in which the journal's lanes use them.
          statement.execute("lock table attachment_default in access exclusive mode");
          statement.execute("lock table journal_default in access exclusive mode");
          move(statement, "attachment", attachment, "band", bandRange(band));
          move(statement, "journal", journal, "run_id", runRange(band));
          attach(statement, "attachment", attachment, band.bandBounds());
          attach(statement, "journal", journal, band.runBounds());
          note(connection, NOTE_MADE, band, true);
          return Unfinished.NONE;
        });
  }

  /** Runs that keep a band: how many, and the first. */
  record Unfinished(long runs, long first) {
    static final Unfinished NONE = new Unfinished(0, 0);
  }

  /** Drops the band with all that is in it, unless a run of it has not ended. */
  static Unfinished drop(Connection connection, Band band) throws SQLException {
    String journal = band.journalTable();
    String attachment = band.attachmentTable();
    return inTransaction(
        connection,
        PATIENCE_TO_DROP,
        statement -> {
          if (!isLive(connection, band)) {
            return Unfinished.NONE;
          }
          // Nobody can add to it between the question and its end; who writes elsewhere goes on.
          statement.execute("lock table " + attachment + ", " + journal + " in share mode");
          Unfinished unfinished = unfinished(statement, journal);
          if (unfinished.runs() > 0) {
            return unfinished;
          }
          statement.execute("drop table " + attachment);
          statement.execute("drop table " + journal);
          note(connection, NOTE_DROPPED, band, false);
          return Unfinished.NONE;
        });
  }

  private static Unfinished unfinished(Statement statement, String journal) throws SQLException {
    // By the journal itself, because the views may lag.
    String asked =
        """
        select count(distinct j.run_id), min(j.run_id) from %s j
        where not exists (
          select from %s e where e.run_id = j.run_id and e.type = any(array(
            select code from event_type
            where name in ('run_completed', 'run_failed', 'run_cancelled'))))
        """
            .formatted(journal, journal);
    try (ResultSet row = statement.executeQuery(asked)) {
      row.next();
      return new Unfinished(row.getLong(1), row.getLong(2));
    }
  }

  private static boolean isLive(Connection connection, Band band) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(IS_LIVE)) {
      statement.setInt(1, band.number());
      try (ResultSet row = statement.executeQuery()) {
        return row.next();
      }
    }
  }

  private static String runRange(Band band) {
    return " between " + band.lowest() + " and " + band.highest();
  }

  private static String bandRange(Band band) {
    return (band.first() ? " <= " : " = ") + band.number();
  }

  private static void move(
      Statement statement, String from, String into, String column, String range)
      throws SQLException {
    statement.execute(
        "with moved as (delete from "
            + from
            + "_default where "
            + column
            + range
            + " returning *) insert into "
            + into
            + " select * from moved");
  }

  private static void attach(Statement statement, String to, String table, String bounds)
      throws SQLException {
    statement.execute("alter table " + to + " attach partition " + table + " for values " + bounds);
  }

  private static void note(Connection connection, String sql, Band band, boolean made)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setInt(1, band.number());
      if (made) {
        statement.setBoolean(2, band.first());
      }
      statement.executeUpdate();
    }
  }

  private interface Work {
    Unfinished on(Statement statement) throws SQLException;
  }

  private static Unfinished inTransaction(Connection connection, String patience, Work work)
      throws SQLException {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(patience);
      statement.execute(ONE_AT_A_TIME);
      Unfinished end = work.on(statement);
      connection.commit();
      return end;
    } catch (SQLException failed) {
      connection.rollback();
      throw failed;
    } finally {
      connection.setAutoCommit(true);
    }
  }
}
