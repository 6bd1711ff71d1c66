package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.journal.Append;
import dev.capstan.journal.Appended;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import java.sql.Connection;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where runs are put as the weeks pass, and that none is ever without a place. */
@Timeout(120)
class BandsIT {
  private Weeks weeks;

  @BeforeEach
  void open() {
    weeks = new Weeks();
  }

  @AfterEach
  void close() {
    weeks.close();
  }

  private String tableOf(RunId run) {
    return new Band(Band.numberOf(run.value()), false).journalTable();
  }

  @Test
  void the_weeks_to_come_are_made_before_they_come() {
    weeks.pass(Bands.AHEAD - 1);
    RunId run = weeks.begin();
    assertThat(weeks.placeOf(run)).containsExactly(tableOf(run));
    assertThat(weeks.ask("select count(*) from journal_default")).containsExactly("0");
  }

  @Test
  void runs_of_every_week_are_read_as_one_journal() {
    List<RunId> runs = new ArrayList<>();
    for (int week = 0; week < 6; week++) {
      runs.add(weeks.end(weeks.begin()));
      weeks.pass(1);
      weeks.look(null);
    }
    assertThat(weeks.journal.readAll(runs)).containsOnlyKeys(runs);
    for (RunId run : runs) {
      assertThat(weeks.journal.read(run, 0, 10)).extracting(Recorded::seq).containsExactly(1, 2, 3);
    }
    assertThat(weeks.ask("select count(distinct tableoid) from journal")).containsExactly("6");
    assertThat(weeks.ask("select count(*) from attachment")).containsExactly("6");
    assertThat(weeks.journal.attachment(Weeks.PLAN.hash())).isEqualTo(Weeks.PLAN.text());
  }

  @Test
  void a_week_turns_in_the_middle_of_writing_and_a_run_stays_where_it_began() {
    int rounds = 20;
    List<RunId> runs = new ArrayList<>();
    List<CompletableFuture<Appended>> all = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < 20; i++) {
        runs.add(weeks.next());
      }
      for (RunId run : runs) {
        RunEvent event = new RunEvent.RunPaused("x".repeat(round == 0 ? 9 : 5_000) + run, null);
        int seq = round - runs.indexOf(run) / 20 + 1;
        all.add(
            weeks.journal.append(new Append(run, seq, Instant.EPOCH, List.of(event), List.of())));
      }
      weeks.pass(1);
      if (round % 7 == 6) {
        weeks.look(null);
      }
    }
    assertThat(all).allSatisfy(end -> assertThat(end.join()).isEqualTo(Appended.DURABLE));
    weeks.look(null);
    weeks.look(null);
    weeks.look(null);
    for (RunId run : runs) {
      assertThat(weeks.journal.read(run, 0, 100)).hasSize(rounds - runs.indexOf(run) / 20);
      assertThat(weeks.placeOf(run)).hasSize(1);
    }
    assertThat(weeks.ask("select count(*) from journal_default")).containsExactly("0");
    assertThat(weeks.ask("select count(*) from attachment_default")).containsExactly("0");
  }

  @Test
  void what_belongs_to_no_band_has_a_place_and_gets_a_band_at_the_next_look() {
    weeks.begin();
    RunId far = weeks.begin(new RunId(Long.MAX_VALUE - 5), "");
    weeks.pass(40);
    RunId jumped = weeks.begin();
    weeks.pass(-40);
    assertThat(weeks.placeOf(far)).containsExactly("journal_default");
    assertThat(weeks.placeOf(jumped)).containsExactly("journal_default");
    assertThat(weeks.journal.read(jumped, 0, 10)).hasSize(2);

    weeks.look(null);

    assertThat(weeks.placeOf(far)).containsExactly(tableOf(far));
    assertThat(weeks.placeOf(jumped)).containsExactly(tableOf(jumped));
    assertThat(weeks.ask("select count(*) from attachment_default")).containsExactly("0");
    weeks.end(far);
    weeks.end(jumped);
    assertThat(weeks.journal.readAll(List.of(far, jumped)).get(jumped)).hasSize(3);
  }

  @Test
  void many_processes_that_make_the_same_band_make_it_once() throws Exception {
    weeks.pass(30);
    RunId jumped = weeks.begin();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Keeping>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        all.add(threads.submit(() -> weeks.look(null)));
      }
      for (Future<Keeping> one : all) {
        assertThat(one.get().bands()).isEqualTo(2 * (Bands.AHEAD + 1));
      }
    }
    assertThat(weeks.placeOf(jumped)).containsExactly(tableOf(jumped));
    assertThat(weeks.journal.read(jumped, 0, 10)).hasSize(2);
  }

  @Test
  void who_uses_the_place_of_the_unplaced_holds_up_a_new_band_and_nobody_else() throws Exception {
    try (Connection reader = weeks.database.connect("reader", "")) {
      reader.setAutoCommit(false);
      reader.createStatement().executeQuery("select count(*) from journal").close();
      weeks.pass(30);
      try (PgJournal another = weeks.open()) {
        assertThat(weeks.placeOf(weeks.begin())).containsExactly("journal_default");
        assertThat(another.health()).isNotNull();
      }
      reader.rollback();
    }
    weeks.look(null);
    assertThat(weeks.ask("select count(*) from journal_default")).containsExactly("0");
  }
}
