package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.journal.Append;
import dev.capstan.journal.Attachment;
import dev.capstan.journal.EventCodec;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.views.RunFilter;
import dev.capstan.views.RunSummary;
import dev.capstan.views.SummariesContract;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PgRunViewsIT extends SummariesContract {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private static final Attachment PLAN =
      Attachment.of("{\"name\":\"p\",\"steps\":[{\"id\":\"a\",\"tool\":\"echo\"}]}");

  private Database database;
  private PgJournal pgJournal;
  private PgLeases leases;
  private PgRunViews views;

  @Override
  protected void open() {
    database = TestServer.freshDatabase();
    pgJournal = newJournal();
    leases = PgLeases.open(database, pgJournal, InstantSource.system());
    views = PgRunViews.open(database, pgJournal, InstantSource.system(), leases);
    journal = pgJournal;
    summaries = views;
  }

  private PgJournal newJournal() {
    return PgJournal.open(database, InstantSource.system(), System::nanoTime, batch -> {});
  }

  @AfterEach
  void close_all() {
    views.close();
    pgJournal.close();
    database.close();
  }

  private static RunEvent created(long owner) {
    return EventCodec.decode(
        "run_created",
        "{\"tenant\":\"local\",\"owner\":" + owner + ",\"priority\":0,\"inputs\":{}}");
  }

  private static RunEvent ended() {
    return new RunEvent.RunCompleted(Map.of(), List.of());
  }

  /** Writes the run's first two events. */
  private void begin(long run, long owner) {
    List<RunEvent> events =
        List.of(created(owner), new RunEvent.PlanGenerated(PLAN.hash(), "given", "p", 1));
    pgJournal.append(new Append(new RunId(run), 1, NOON, events, List.of(PLAN))).join();
  }

  private void write(long run, int seq, RunEvent... events) {
    pgJournal.append(new Append(new RunId(run), seq, NOON, List.of(events), List.of())).join();
  }

  private void sql(String sql) {
    try (Connection connection = database.connect("test", "");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failed) {
      throw new AssertionError(sql, failed);
    }
  }

  @Test
  void verifying_finds_nothing_when_all_is_well_and_rebuilding_gives_the_same() {
    for (long run = 1; run <= 1_200; run++) {
      begin(run, 1);
      if (run % 3 == 0) {
        write(run, 3, ended());
      }
    }
    Verification clean = views.verify();
    assertThat(clean.faults()).isEmpty();
    assertThat(clean.runs()).isEqualTo(1_200);
    assertThat(clean.events()).isEqualTo(2_800);
    List<RunSummary> before = views.list(RunFilter.all(TenantId.LOCAL), null, 500).items();

    views.rebuild();

    assertThat(views.list(RunFilter.all(TenantId.LOCAL), null, 500).items()).isEqualTo(before);
    assertThat(views.verify().isClean()).isTrue();
  }

  @Test
  void verifying_names_every_fault() {
    begin(1, 1);
    write(1, 3, ended());
    begin(2, 1);
    begin(3, 1);
    begin(4, 1);
    begin(5, 1);
    assertThat(views.settle(Duration.ofSeconds(30))).isTrue();
    sql("delete from journal where run_id = 2 and seq = 1");
    sql(
        "insert into journal (run_id, at, seq, type, payload) values (1, 0, 4, 16, '{\"by\":\"x\"}')");
    sql("delete from run_view where run_id = 3");
    sql("update run_view set status = 'failed' where run_id = 4");
    sql("delete from journal where run_id = 5");

    assertThat(views.verify().faults())
        .containsExactlyInAnyOrder(
            new RunId(1) + " goes on after its end with event 4",
            new RunId(2) + " lacks event 1",
            new RunId(3) + " is in the journal and not in the view",
            new RunId(4) + " is not in the view as the journal tells it",
            new RunId(5) + " is in the view and not in the journal");
  }

  @Test
  void a_dead_workers_runs_are_abandoned_even_when_its_views_lagged() {
    long now = System.currentTimeMillis() << 21;
    long dead = leases.worker();
    begin(now + 1, dead);
    begin(now + 2, dead);
    write(now + 2, 3, ended());
    begin(now + 3, dead);
    assertThat(views.settle(Duration.ofSeconds(30))).isTrue();
    views.close();
    // From here on nobody folds for the first worker: it is as if it had lagged when it died.
    write(now + 3, 3, ended());
    begin(now + 4, dead);
    PgLeases second = PgLeases.open(database, pgJournal, InstantSource.system());
    write(now + 1, 3, new RunEvent.RunClaimed(second.worker()));
    assertThat(second.abandoned(new RunId(1), 10)).isEmpty();

    leases.release();

    assertThat(second.abandoned(new RunId(1), 10)).containsExactly(new RunId(now + 4));
    assertThat(second.abandoned(new RunId(now + 4), 10)).isEmpty();
    assertThat(views.verify().faults()).isEmpty();
    assertThat(second.renew()).isTrue();
    assertThat(leases.renew()).isFalse();
    assertThat(leases.renew()).isTrue();
    assertThat(second.expiry(second.worker())).isPresent();
    assertThat(second.expiry(99)).isEmpty();
  }

  @Test
  void a_worker_that_died_before_the_first_run_leaves_nothing_behind() {
    PgLeases second = PgLeases.open(database, pgJournal, InstantSource.system());
    leases.release();
    assertThat(second.abandoned(new RunId(1), 10)).isEmpty();
  }

  @Test
  void how_far_the_views_are_is_known_while_the_journal_never_rests() {
    long before = projectedTo();
    long first = System.currentTimeMillis() << 21;
    AtomicInteger written = new AtomicInteger();
    AtomicBoolean enough = new AtomicBoolean();
    // Each batch has the next one waiting before it is told to be written.
    pgJournal.follow(batch -> {
      if (!enough.get()) {
        RunId next = new RunId(first + written.incrementAndGet());
        var _ = pgJournal.append(new Append(next, 1, NOON, List.of(created(1)), List.of()));
      }
    });
    begin(first, 1);
    while (projectedTo() == before) {
      assertThat(written.get()).isLessThan(100_000);
    }
    enough.set(true);
    assertThat(views.settle(Duration.ofSeconds(30))).isTrue();
  }

  private long projectedTo() {
    return database
        .asking()
        .soon(asked -> {
          try (Statement statement = asked.createStatement();
              ResultSet row = statement.executeQuery("select projected_to from worker")) {
            row.next();
            return row.getLong(1);
          }
        });
  }

  @Test
  void rows_that_a_server_lost_when_it_died_alone_are_folded_again() {
    long now = System.currentTimeMillis() << 21;
    begin(now + 1, leases.worker());
    write(now + 1, 3, ended());
    begin(now + 2, leases.worker());
    assertThat(views.settle(Duration.ofSeconds(30))).isTrue();
    // What a crash does to rows that nobody waited for, and to the sessions of that server.
    sql("delete from run_view where run_id = " + (now + 1));
    sql(
        "select pg_terminate_backend(pid) from pg_stat_activity where application_name ="
            + " 'capstan views' and datname = current_database()");

    begin(now + 3, leases.worker());

    assertThat(views.settle(Duration.ofSeconds(30))).isTrue();
    assertThat(views.verify().faults()).isEmpty();
  }

  @Test
  void abandoned_runs_come_in_order_and_in_pages() {
    long now = System.currentTimeMillis() << 21;
    for (int i = 1; i <= 25; i++) {
      begin(now + i, leases.worker());
    }
    PgLeases second = PgLeases.open(database, pgJournal, InstantSource.system());
    leases.release();
    RunId after = new RunId(1);
    int seen = 0;
    for (List<RunId> page = second.abandoned(after, 10);
        !page.isEmpty();
        page = second.abandoned(after, 10)) {
      assertThat(page).isSorted().hasSizeLessThanOrEqualTo(10);
      assertThat(page.getFirst()).isGreaterThan(after);
      after = page.getLast();
      seen += page.size();
    }
    assertThat(seen).isEqualTo(25);
  }

  @Test
  void a_key_is_tied_once() {
    PgIdempotencyKeys keys = new PgIdempotencyKeys(database);
    TenantId other = new TenantId("other");
    assertThat(keys.reserve(TenantId.LOCAL, "k\0", "h", new RunId(1)).run())
        .isEqualTo(new RunId(1));
    var again = keys.reserve(TenantId.LOCAL, "k\0", "h2", new RunId(2));
    assertThat(again.run()).isEqualTo(new RunId(1));
    assertThat(again.requestHash()).isEqualTo("h");
    assertThat(keys.reserve(other, "k\0", "h", new RunId(3)).run()).isEqualTo(new RunId(3));
  }
}
