package dev.capstan.postgres;

import dev.capstan.journal.Attachment;
import dev.capstan.kernel.BoundedMap;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes batches on a connection of its own. As long as nobody else holds a place, a batch is one
 * plain insert and one commit; only when the primary key objects does it find out who lost.
 */
final class BatchWriter implements AutoCloseable {
  private static final int KNOWN_HASHES = 20_000;

  private static final String INSERT =
      "insert into journal (run_id, at, seq, type, payload, payload_ref) select * from "
          + Rows.UNNEST;

  private static final String ATTACH =
      "insert into attachment (hash, body, quoted, band)"
          + " select * from unnest(?::text[], ?::text[], ?::boolean[], ?::int[])"
          + " on conflict (hash, band) do nothing";

  /** A statement that waits this long is given up by the server, and tried again by us. */
  private static final String OPTIONS = "-c statement_timeout=30000";

  private final Database database;
  private final Bands bands;

  /** What bands that cannot have been dropped meanwhile are known to hold. */
  private final Map<Kept, Boolean> known = BoundedMap.lru(KNOWN_HASHES);

  private final Gaps gaps;
  private @Nullable Connection connection;
  private @Nullable PreparedStatement insert;

  BatchWriter(Database database, Bands bands, Gaps gaps) {
    this.gaps = gaps;
    this.database = database;
    this.bands = bands;
  }

  /** A text in a band: each band that needs it has it. */
  private record Kept(String hash, int band) implements Comparable<Kept> {
    private static final Comparator<Kept> ORDER =
        Comparator.comparing(Kept::hash).thenComparingInt(Kept::band);

    @Override
    public int compareTo(Kept other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * Writes all of them, or those that nobody was ahead of and that leave no gap. Returns the
   * others: the fenced.
   */
  Set<Entry> write(List<Entry> batch) throws SQLException {
    Set<Entry> fenced = gaps.in(batch, this::open);
    if (fenced.isEmpty()) {
      fenced = writeGapless(batch);
    } else {
      List<Entry> rest = new ArrayList<>(batch);
      rest.removeIf(fenced::contains);
      fenced.addAll(rest.isEmpty() ? Set.of() : writeGapless(rest));
    }
    gaps.learn(batch, fenced);
    return fenced;
  }

  private Set<Entry> writeGapless(List<Entry> batch) throws SQLException {
    Map<Kept, Attachment> fresh = freshAttachments(batch);
    try {
      if (fresh.isEmpty()) {
        insert(batch);
      } else {
        insertWithAttachments(batch, fresh);
      }
      return Set.of();
    } catch (SQLException failed) {
      if (!Faults.isConflict(failed)) {
        throw failed;
      }
    }
    return inTransaction(open -> new Fence(open).write(batch, () -> attach(open, fresh)), fresh);
  }

  /** In order of hash, lest two writers wait for each other. */
  private Map<Kept, Attachment> freshAttachments(List<Entry> batch) {
    Map<Kept, Attachment> fresh = new TreeMap<>();
    int current = 0;
    for (Entry entry : batch) {
      for (Attachment attachment : entry.attachments) {
        if (current == 0) {
          current = bands.current();
        }
        Kept kept = new Kept(attachment.hash(), bands.of(entry.run));
        // Another process may have dropped an older band with all that we know to be in it.
        if (kept.band() < current || known.get(kept) == null) {
          fresh.put(kept, attachment);
        }
      }
    }
    return fresh;
  }

  private void insert(List<Entry> batch) throws SQLException {
    PreparedStatement statement = insert;
    if (statement == null) {
      statement = open().prepareStatement(INSERT);
      insert = statement;
    }
    Rows.of(batch).bind(statement, 1);
    statement.executeUpdate();
  }

  private void insertWithAttachments(List<Entry> batch, Map<Kept, Attachment> fresh)
      throws SQLException {
    inTransaction(
        open -> {
          attach(open, fresh);
          insert(batch);
          return Set.of();
        },
        fresh);
  }

  private static void attach(Connection open, Map<Kept, Attachment> fresh) throws SQLException {
    if (fresh.isEmpty()) {
      return;
    }
    List<String> hashes = new ArrayList<>();
    List<String> bodies = new ArrayList<>();
    List<Boolean> quoted = new ArrayList<>();
    List<Integer> ofBand = new ArrayList<>();
    for (Map.Entry<Kept, Attachment> each : fresh.entrySet()) {
      Attachment attachment = each.getValue();
      ofBand.add(each.getKey().band());
      boolean plain = PgText.isPlain(attachment.text());
      hashes.add(attachment.hash());
      bodies.add(plain ? attachment.text() : PgText.quoted(attachment.text()));
      quoted.add(!plain);
    }
    try (PreparedStatement statement = open.prepareStatement(ATTACH)) {
      statement.setArray(1, Rows.texts(open, hashes));
      statement.setArray(2, Rows.texts(open, bodies));
      statement.setArray(3, Rows.flags(open, quoted));
      statement.setArray(4, Rows.numbers(open, ofBand));
      statement.executeUpdate();
    }
  }

  private interface Work {
    Set<Entry> on(Connection open) throws SQLException;
  }

  private Set<Entry> inTransaction(Work work, Map<Kept, Attachment> fresh) throws SQLException {
    Connection open = open();
    open.setAutoCommit(false);
    try {
      Set<Entry> lost = work.on(open);
      open.commit();
      open.setAutoCommit(true);
      fresh.keySet().forEach(kept -> known.put(kept, true));
      return lost;
    } catch (SQLException failed) {
      undo(open, failed);
      throw failed;
    }
  }

  private void undo(Connection open, SQLException failed) {
    try {
      open.rollback();
      open.setAutoCommit(true);
    } catch (SQLException broken) {
      failed.addSuppressed(broken);
      disconnect();
    }
  }

  private Connection open() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = database.connect("journal", OPTIONS);
      connection = open;
    }
    return open;
  }

  /** Forgets the connection; the next batch opens another. */
  void disconnect() {
    Connection old = connection;
    connection = null;
    insert = null;
    if (old != null) {
      try {
        old.close();
      } catch (SQLException gone) {
        // It was broken, which is why we leave it.
        System.getLogger(BatchWriter.class.getName())
            .log(System.Logger.Level.DEBUG, "a broken connection did not close", gone);
      }
    }
  }

  @Override
  public void close() {
    disconnect();
  }

  static Map<Long, List<Entry>> byRun(List<Entry> batch) {
    Map<Long, List<Entry>> runs = new HashMap<>();
    for (Entry entry : batch) {
      runs.computeIfAbsent(entry.run, run -> new ArrayList<>()).add(entry);
    }
    return runs;
  }
}
