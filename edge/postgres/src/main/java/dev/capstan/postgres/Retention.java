package dev.capstan.postgres;

import dev.capstan.kernel.RunId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops bands that ended longer ago than runs are kept, and then what the other tables have of
 * their runs. A band is kept while a run of it goes on, and while one of its runs is the child of a
 * run that goes on.
 */
final class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final int DELETED_AT_ONCE = 5_000;

  /** What the views know is asked first: it costs little, where going through a band costs much. */
  private static final String GOING_ON =
      "select count(*), min(run_id) from (select run_id from run_view"
          + " where ended_at is null and run_id between ? and ? union"
          + " select c.run_id from run_view p join run_view c on c.parent_run = p.run_id"
          + " where p.ended_at is null and c.run_id between ? and ?) needed";

  private static final String GONE = " and not exists (select from journal j where j.run_id = ";

  private static final String DELETE_VIEWS =
      "delete from run_view where run_id = any(array(select v.run_id from run_view v"
          + " where v.run_id between ? and ?"
          + GONE
          + "v.run_id) limit "
          + DELETED_AT_ONCE
          + "))";

  private static final String DELETE_KEYS =
      "delete from idempotency_key where ctid = any(array(select k.ctid from idempotency_key k"
          + " where k.run_id between ? and ?"
          + GONE
          + "k.run_id) limit "
          + DELETED_AT_ONCE
          + "))";

  private static final String NOTE_EMPTIED =
      "update band set emptied_at = now() where number = ? and dropped_at is not null";

  private final @Nullable Duration keepFor;

  /** Bands of which was said already why they are kept. */
  private final Set<Band> told = new HashSet<>();

  Retention(@Nullable Duration keepFor) {
    this.keepFor = keepFor;
  }

  Keeping nothingKnown() {
    return new Keeping(keepFor, 0, null, List.of(), List.of());
  }

  /** Drops what is due at this moment. */
  Keeping apply(Connection connection, Instant now) throws SQLException {
    List<String> held = new ArrayList<>();
    if (keepFor != null) {
      for (Bands.Known known : Bands.known(connection)) {
        if (known.live() && known.band().ends().isBefore(now.minus(keepFor))) {
          drop(connection, known.band()).ifPresent(held::add);
        }
      }
    }
    List<Bands.Known> left = Bands.known(connection);
    for (Bands.Known known : left) {
      if (known.dropped() && !known.emptied()) {
        empty(connection, known.band());
      }
    }
    return keeping(left, held);
  }

  private Keeping keeping(List<Bands.Known> known, List<String> held) {
    List<Band> live = known.stream().filter(Bands.Known::live).map(Bands.Known::band).toList();
    List<Keeping.Span> dropped =
        known.stream()
            .filter(Bands.Known::dropped)
            .map(Bands.Known::band)
            .map(
                band -> new Keeping.Span(band.first() ? Instant.EPOCH : band.begins(), band.ends()))
            .toList();
    LocalDate oldest =
        live.isEmpty() || live.getFirst().first() ? null : live.getFirst().firstDay();
    return new Keeping(keepFor, live.size(), oldest, held, dropped);
  }

  /** Why it was kept, if it was. */
  private Optional<String> drop(Connection connection, Band band) throws SQLException {
    BandTables.Unfinished unfinished = goingOn(connection, band);
    if (unfinished.runs() == 0) {
      unfinished = BandTables.drop(connection, band);
    }
    if (unfinished.runs() == 0) {
      told.remove(band);
      LOG.info("dropped {}: older than {} days", band, keepFor == null ? 0 : keepFor.toDays());
      return Optional.empty();
    }
    String reason =
        band
            + " is kept: "
            + unfinished.runs()
            + (unfinished.runs() == 1 ? " run that it needs goes on, " : " runs go on, first ")
            + new RunId(unfinished.first());
    if (told.add(band)) {
      LOG.info("{}", reason);
    }
    return Optional.of(reason);
  }

  private static BandTables.Unfinished goingOn(Connection connection, Band band)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(GOING_ON)) {
      statement.setLong(1, band.lowest());
      statement.setLong(2, band.highest());
      statement.setLong(3, band.lowest());
      statement.setLong(4, band.highest());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return new BandTables.Unfinished(row.getLong(1), row.getLong(2));
      }
    }
  }

  private static void empty(Connection connection, Band band) throws SQLException {
    for (String delete : List.of(DELETE_VIEWS, DELETE_KEYS)) {
      try (PreparedStatement statement = connection.prepareStatement(delete)) {
        statement.setLong(1, band.lowest());
        statement.setLong(2, band.highest());
        int deleted = DELETED_AT_ONCE;
        while (deleted == DELETED_AT_ONCE) {
          deleted = statement.executeUpdate();
        }
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(NOTE_EMPTIED)) {
      statement.setInt(1, band.number());
      statement.executeUpdate();
    }
  }
}
