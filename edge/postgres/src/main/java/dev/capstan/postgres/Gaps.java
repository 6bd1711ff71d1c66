package dev.capstan.postgres;

import dev.capstan.kernel.BoundedMap;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds appends that would leave a gap in their run. Where this process wrote a run's last event
 * itself it knows; only about others it asks the database, all of a batch at once. Lanes share it.
 */
final class Gaps {
  private static final int MOST_RUNS = 50_000;

  private static final String LAST =
      "select run_id, max(seq) from journal where run_id = any(?) and run_id between ? and ?"
          + " group by run_id";

  /** The last events of runs that go on. */
  private final Map<Long, Integer> last = BoundedMap.lru(MOST_RUNS);

  interface Line {
    Connection open() throws SQLException;
  }

  /** Those that leave a gap, and whatever follows them. */
  Set<Entry> in(List<Entry> batch, Line line) throws SQLException {
    Set<Long> suspects = suspects(batch);
    if (suspects.isEmpty()) {
      return Set.of();
    }
    Map<Long, Integer> found = ask(line.open(), suspects);
    Set<Entry> gaps = Collections.newSetFromMap(new IdentityHashMap<>());
    Set<Long> broken = new HashSet<>();
    for (Entry entry : batch) {
      if (suspects.contains(entry.run)) {
        int before = found.getOrDefault(entry.run, 0);
        if (broken.contains(entry.run) || entry.firstSeq > before + 1) {
          broken.add(entry.run);
          gaps.add(entry);
        } else {
          found.put(entry.run, Math.max(before, entry.lastSeq()));
        }
      }
    }
    return gaps;
  }

  private synchronized Set<Long> suspects(List<Entry> batch) {
    Set<Long> suspects = new HashSet<>();
    Map<Long, Integer> inBatch = new HashMap<>();
    for (Entry entry : batch) {
      if (entry.firstSeq > 1) {
        @Nullable Integer before = inBatch.get(entry.run);
        if (before == null) {
          before = last.get(entry.run);
        }
        if (before == null || entry.firstSeq > before + 1) {
          suspects.add(entry.run);
        }
      }
      inBatch.merge(entry.run, entry.lastSeq(), Math::max);
    }
    return suspects;
  }

  private static Map<Long, Integer> ask(Connection connection, Set<Long> runs) throws SQLException {
    Map<Long, Integer> found = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(LAST)) {
      statement.setArray(1, connection.createArrayOf("int8", runs.toArray()));
      statement.setLong(2, Collections.min(runs));
      statement.setLong(3, Collections.max(runs));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.put(rows.getLong(1), rows.getInt(2));
        }
      }
    }
    return found;
  }

  /** What became of a batch. */
  synchronized void learn(List<Entry> batch, Set<Entry> fenced) {
    for (Entry entry : batch) {
      if (entry.endsRun() || fenced.contains(entry)) {
        last.remove(entry.run);
      } else {
        last.put(entry.run, entry.lastSeq());
      }
    }
  }
}
