package dev.capstan.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which band of this database a run belongs to. */
final class Bands {
  private static final Logger LOG = LoggerFactory.getLogger(Bands.class);

  /** The bands that are made before anything belongs to them. */
  static final int AHEAD = 4;

  private static final String READ =
      "select number, is_first, dropped_at is not null, emptied_at is not null from band"
          + " order by number";

  private final InstantSource clock;
  private final int first;

  private Bands(InstantSource clock, int first) {
    this.clock = clock;
    this.first = first;
  }

  /** A band as the database knows it. */
  record Known(Band band, boolean dropped, boolean emptied) {
    boolean live() {
      return !dropped;
    }
  }

  /** Reads which bands there are, and makes those that will soon be needed. */
  static Bands open(Connection connection, InstantSource clock) throws SQLException {
    List<Known> known = known(connection);
    Bands bands = new Bands(clock, firstOf(known));
    try {
      bands.makeAhead(connection, known);
    } catch (SQLException failed) {
      // The keeper tries again; until then, what belongs to no band yet has a place, too.
      LOG.warn("bands are not made ahead yet: {}", Faults.reason(failed));
    }
    return bands;
  }

  static List<Known> known(Connection connection) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(READ);
        ResultSet rows = statement.executeQuery()) {
      List<Known> known = new ArrayList<>();
      while (rows.next()) {
        Band band = new Band(rows.getInt(1), rows.getBoolean(2));
        known.add(new Known(band, rows.getBoolean(3), rows.getBoolean(4)));
      }
      return known;
    }
  }

  private static int firstOf(List<Known> known) {
    return known.stream()
        .filter(one -> one.band().first())
        .mapToInt(one -> one.band().number())
        .findFirst()
        .orElse(0);
  }

  /** Makes the band of this moment and the next ones, where there are none. */
  void makeAhead(Connection connection, List<Known> known) throws SQLException {
    int now = current();
    for (int number = now; number <= now + AHEAD; number++) {
      Band band = band(number);
      if (known.stream().noneMatch(one -> one.live() && one.band().equals(band))) {
        BandTables.make(connection, band);
      }
    }
  }

  private Band band(int number) {
    return number <= first ? new Band(first, true) : new Band(number, false);
  }

  /** The band of a run, made or not. */
  Band bandOf(long run) {
    return band(Band.numberOf(run));
  }

  /** The number of a run's band. */
  int of(long run) {
    return Math.max(first, Band.numberOf(run));
  }

  /** The number of the band that runs created now belong to. */
  int current() {
    return Math.max(first, Band.numberAt(now()));
  }

  Instant now() {
    return clock.instant();
  }
}
