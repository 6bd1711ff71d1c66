package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.views.RunFilter;
import dev.capstan.views.RunSummary;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is dropped after its time, and what is not. */
@Timeout(120)
class RetentionIT {
  private static final Duration MONTH = Duration.ofDays(30);

  private Weeks weeks;
  private PgLeases leases;
  private PgRunViews views;
  private PgIdempotencyKeys keys;

  @BeforeEach
  void open() {
    weeks = new Weeks();
    leases = PgLeases.open(weeks.database, weeks.journal, weeks.clock);
    views = PgRunViews.open(weeks.database, weeks.journal, weeks.clock, leases);
    keys = new PgIdempotencyKeys(weeks.database);
    weeks.pass(1);
  }

  @AfterEach
  void close() {
    views.close();
    weeks.close();
  }

  private RunId keyed(RunId run) {
    keys.reserve(TenantId.LOCAL, "key of " + run, "h", run);
    return run;
  }

  private void settle() {
    assertThat(views.settle(Duration.ofSeconds(30))).isTrue();
  }

  private Iterable<RunId> listed() {
    return views.list(RunFilter.all(TenantId.LOCAL), null, 500).items().stream()
        .map(RunSummary::run)
        .toList();
  }

  @Test
  void a_week_of_ended_runs_goes_with_all_that_belongs_to_it_and_the_younger_stay() {
    RunId old = keyed(weeks.end(weeks.begin()));
    weeks.pass(3);
    RunId young = keyed(weeks.end(weeks.begin()));
    settle();
    weeks.pass(3);

    Keeping keeping = weeks.look(MONTH);

    assertThat(keeping.held()).isEmpty();
    assertThat(keeping.fateOf(old)).isPresent();
    assertThat(keeping.fateOf(young)).isEmpty();
    assertThat(weeks.journal.read(old, 0, 10)).isEmpty();
    assertThat(weeks.journal.read(young, 0, 10)).hasSize(3);
    assertThat(listed()).containsExactly(young);
    assertThat(weeks.ask("select run_id from idempotency_key"))
        .containsExactly(Long.toString(young.value()));
    assertThat(weeks.ask("select count(*) from attachment")).containsExactly("1");
    assertThat(weeks.journal.attachment(Weeks.PLAN.hash())).isEqualTo(Weeks.PLAN.text());
    assertThat(views.verify().faults()).isEmpty();
    views.rebuild();
    assertThat(listed()).containsExactly(young);
  }

  @Test
  void for_ever_drops_nothing() {
    RunId old = weeks.end(weeks.begin());
    settle();
    weeks.pass(500);
    assertThat(weeks.look(null).dropped()).isEmpty();
    assertThat(weeks.journal.read(old, 0, 10)).hasSize(3);
  }

  @Test
  void a_run_that_goes_on_keeps_its_week_until_it_ends() {
    RunId ended = weeks.end(weeks.begin());
    RunId waiting = weeks.begin();
    settle();
    weeks.pass(10);
    Keeping keeping = weeks.look(MONTH);
    assertThat(keeping.held())
        .singleElement()
        .asString()
        .contains("1 run that it needs goes on", waiting.toString());
    assertThat(weeks.journal.read(ended, 0, 10)).hasSize(3);

    weeks.end(waiting);
    settle();

    assertThat(weeks.look(MONTH).held()).isEmpty();
    assertThat(weeks.journal.read(ended, 0, 10)).isEmpty();
    assertThat(views.verify().faults()).isEmpty();
  }

  @Test
  void the_journal_decides_when_the_views_lag() {
    views.close();
    RunId waiting = weeks.begin();
    weeks.pass(10);
    assertThat(weeks.look(MONTH).held()).singleElement().asString().contains(waiting.toString());
    assertThat(weeks.journal.read(waiting, 0, 10)).hasSize(2);
  }

  @Test
  void children_stay_as_long_as_their_parent_goes_on() {
    RunId parent = weeks.begin();
    weeks.pass(2);
    String link = ",\"parent\":{\"run\":\"" + parent + "\",\"step\":\"a\"}";
    RunId child = weeks.end(weeks.begin(weeks.next(), link));
    settle();
    weeks.pass(10);
    assertThat(weeks.look(MONTH).held()).hasSize(2);
    assertThat(weeks.journal.read(child, 0, 10)).hasSize(3);
    weeks.end(parent);
    settle();
    assertThat(weeks.look(MONTH).held()).isEmpty();
    assertThat(weeks.journal.read(child, 0, 10)).isEmpty();
  }

  @Test
  void a_text_that_went_with_its_week_is_written_again_for_a_run_brought_back() {
    RunId old = weeks.end(weeks.begin());
    settle();
    weeks.pass(10);
    weeks.look(MONTH);
    assertThatThrownBy(() -> weeks.journal.attachment(Weeks.PLAN.hash()))
        .isInstanceOf(Refusal.class);

    weeks.end(weeks.begin(old, ""));

    assertThat(weeks.journal.attachment(Weeks.PLAN.hash())).isEqualTo(Weeks.PLAN.text());
    settle();
    assertThat(weeks.look(Duration.ofDays(900)).fateOf(old)).isEmpty();
    assertThat(weeks.journal.read(old, 0, 10)).hasSize(3);
    assertThat(listed()).containsExactly(old);
    assertThat(views.verify().faults()).isEmpty();
    assertThat(weeks.look(MONTH).fateOf(old)).isPresent();
    assertThat(listed()).isEmpty();
  }

  @Test
  void the_band_of_all_that_is_older_goes_like_any_other() {
    RunId ancient = weeks.end(weeks.begin(new RunId(5), ""));
    settle();
    weeks.pass(10);
    assertThat(weeks.look(MONTH).fateOf(ancient)).isPresent();
    assertThat(weeks.ask("select to_regclass('journal_first')")).containsOnlyNulls();

    weeks.end(weeks.begin(ancient, ""));
    settle();
    weeks.look(null);

    assertThat(weeks.placeOf(ancient)).containsExactly("journal_first");
    assertThat(views.verify().faults()).isEmpty();
  }

  @Test
  void a_fresh_process_goes_on_after_bands_were_dropped() {
    weeks.end(weeks.begin());
    RunId waiting = weeks.begin();
    weeks.pass(2);
    RunId young = weeks.begin();
    settle();
    weeks.pass(8);
    weeks.end(waiting);
    settle();
    weeks.look(MONTH);
    leases.release();

    PgLeases next = PgLeases.open(weeks.database, weeks.journal, weeks.clock);

    assertThat(next.abandoned(new RunId(1), 10)).containsExactly(young);
    assertThat(views.verify().faults()).isEmpty();
  }
}
