package dev.capstan.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs whose band was not there when they were written: after a jump of the clock, say, or brought
 * from elsewhere after their band was dropped. They get a band of their own.
 */
final class Strangers {
  private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);

  /** Bands made at one look; whatever is left is seen at the next. */
  private static final int MOST = 8;

  private static final String NEXT = "select min(run_id) from journal_default where run_id > ?";

  private Strangers() {}

  static void takeIn(Connection connection, Bands bands) throws SQLException {
    long after = 0;
    for (int made = 0; made < MOST; made++) {
      long run = next(connection, after);
      if (run == 0) {
        return;
      }
      Band band = bands.bandOf(run);
      LOG.info("the journal has runs outside of its bands and makes one for {}", band);
      BandTables.make(connection, band);
      after = band.highest();
    }
  }

  /** The smallest id above this one that has no band; 0 when there is none. */
  private static long next(Connection connection, long after) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(NEXT)) {
      statement.setLong(1, after);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
