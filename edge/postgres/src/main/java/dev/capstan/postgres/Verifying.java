package dev.capstan.postgres;

import dev.capstan.journal.Journal;
import dev.capstan.journal.Plans;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.RunId;
import dev.capstan.views.RunSummary;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Goes through the journal run by run, and through the view for rows without a run. */
final class Verifying {
  private static final String ROWS =
      "select " + ViewRows.NAMES + " from run_view where run_id = any(?)";

  private static final String STRAYS =
      "select v.run_id from run_view v"
          + " where not exists (select from journal j where j.run_id = v.run_id)"
          // Rows of runs that were dropped a moment ago are on their way out.
          + " and not exists (select from band b where b.number = band_of(v.run_id)"
          + " and b.dropped_at is not null and b.emptied_at is null) limit "
          + Verification.MOST_FAULTS;

  private final Connection connection;
  private final Journal journal;
  private final Plans plans;
  private final List<String> faults = new ArrayList<>();
  private long runs;
  private long events;
  private long faulty;

  Verifying(Connection connection, Journal journal, Plans plans) {
    this.connection = connection;
    this.journal = journal;
    this.plans = plans;
  }

  Verification run() throws SQLException {
    List<RunId> chunk = Refold.tail(connection, 0);
    while (!chunk.isEmpty()) {
      // Rows first: what the journal adds meanwhile is then newer than the row, and no fault.
      Map<RunId, RunSummary> rows = rows(chunk);
      for (Map.Entry<RunId, List<Recorded>> run : journal.readAll(chunk).entrySet()) {
        check(run.getKey(), run.getValue(), rows.get(run.getKey()));
      }
      chunk = Refold.tail(connection, chunk.getLast().value());
    }
    try (PreparedStatement statement = connection.prepareStatement(STRAYS);
        ResultSet strays = statement.executeQuery()) {
      while (strays.next()) {
        fault(new RunId(strays.getLong(1)), "is in the view and not in the journal");
      }
    }
    return new Verification(runs, events, faulty, faults);
  }

  private Map<RunId, RunSummary> rows(List<RunId> chunk) throws SQLException {
    Array ids = connection.createArrayOf("int8", chunk.stream().map(RunId::value).toArray());
    try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
      statement.setArray(1, ids);
      Map<RunId, RunSummary> rows = new HashMap<>();
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          RunSummary row = ViewRows.read(found);
          rows.put(row.run(), row);
        }
      }
      return rows;
    }
  }

  private void check(RunId run, List<Recorded> journaled, @Nullable RunSummary row) {
    runs++;
    events += journaled.size();
    String broken = broken(journaled);
    if (broken != null) {
      fault(run, broken);
      return;
    }
    if (row == null) {
      fault(run, "is in the journal and not in the view");
      return;
    }
    RunState state = new RunState(run, plans::plan);
    for (Recorded event : journaled) {
      if (event.seq() <= row.seq()) {
        state.apply(event);
      }
    }
    if (state.seq() != row.seq() || !RunSummary.of(state).equals(row)) {
      fault(run, "is not in the view as the journal tells it");
    }
  }

  private static @Nullable String broken(List<Recorded> journaled) {
    for (int i = 0; i < journaled.size(); i++) {
      Recorded event = journaled.get(i);
      if (event.seq() != i + 1) {
        return "lacks event " + (i + 1);
      }
      if (event.event() instanceof RunEvent.Terminal && i + 1 < journaled.size()) {
        return "goes on after its end with event " + (event.seq() + 1);
      }
      if ((i == 0) != (event.event() instanceof RunEvent.RunCreated)) {
        return i == 0 ? "does not begin with run_created" : "is created twice";
      }
    }
    return null;
  }

  private void fault(RunId run, String what) {
    faulty++;
    if (faults.size() < Verification.MOST_FAULTS) {
      faults.add(run + " " + what);
    }
  }
}
