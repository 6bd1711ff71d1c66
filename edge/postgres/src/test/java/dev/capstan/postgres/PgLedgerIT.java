package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Balance;
import dev.capstan.llm.budget.Batch;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.budget.BudgetEvent;
import dev.capstan.llm.budget.Claim;
import dev.capstan.llm.budget.EscrowLedger;
import dev.capstan.llm.budget.Ledger;
import dev.capstan.llm.budget.LedgerContract;
import dev.capstan.llm.budget.Receipt;
import dev.capstan.llm.budget.Reservation;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PgLedgerIT extends LedgerContract {
  private static final AtomicLong OWNERS = new AtomicLong();
  private static final Money CENT = Money.dollars("0.01");
  private static Database database;

  @BeforeAll
  static void open_a_database() {
    database = TestServer.freshDatabase();
  }

  @AfterAll
  static void close_the_database() {
    database.close();
  }

  @Override
  protected Ledger open(BudgetEvent.Listener listener) {
    return EscrowLedger.open(
        new PgVault(database),
        OWNERS.incrementAndGet(),
        new EscrowLedger.Surroundings(InstantSource.system(), System::nanoTime, listener));
  }

  private static Batch drawing(long owner, long seq, Budget budget, Money amount) {
    return new Batch(
        owner,
        seq,
        List.of(),
        List.of(),
        List.of(new Batch.Draw(List.of(new Batch.Wish(budget, amount, amount)))));
  }

  private static void run(String sql) throws SQLException {
    try (Connection connection = database.pool().getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(String sql) throws SQLException {
    try (Connection connection = database.pool().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      return row.next() ? row.getString(1) : "";
    }
  }

  @Test
  void a_batch_that_is_written_again_counts_once_and_has_the_same_answer() {
    Budget twenty = budget("0.20");
    long owner = OWNERS.incrementAndGet();
    try (PgVault vault = new PgVault(database)) {
      Receipt first = vault.write(drawing(owner, 1, twenty, CENT));
      assertThat(first.verdicts()).containsExactly(new Receipt.Verdict.Granted(List.of(CENT)));
      assertThat(vault.write(drawing(owner, 1, twenty, CENT))).isEqualTo(first);
      Receipt second = vault.write(drawing(owner, 2, twenty, Money.dollars("0.20")));
      assertThat(second.verdicts()).containsExactly(new Receipt.Verdict.Declined());
      assertThat(vault.write(drawing(owner, 2, twenty, Money.dollars("0.20")))).isEqualTo(second);
      assertThat(vault.balances(List.of(twenty.account())))
          .containsEntry(twenty.account(), new Balance(Money.ZERO, CENT));
    }
  }

  @Test
  void whose_lease_ends_is_charged_and_takes_it_back_when_it_lives() throws Exception {
    Budget twenty = budget("0.20");
    long owner = OWNERS.incrementAndGet();
    try (PgVault vault = new PgVault(database);
        PgVault other = new PgVault(database)) {
      var _ = vault.write(drawing(owner, 1, twenty, CENT.times(12)));
      assertThat(other.reap()).isEmpty();
      run("update ledger_owner set expires_at = now() where id = " + owner);
      assertThat(other.reap())
          .containsExactly(
              new dev.capstan.llm.budget.Vault.Loss(owner, twenty.account(), CENT.times(12)));
      assertThat(other.reap()).isEmpty();
      assertThat(other.balances(List.of(twenty.account())))
          .containsEntry(twenty.account(), new Balance(CENT.times(12), Money.ZERO));
      Receipt late = vault.write(drawing(owner, 2, twenty, CENT));
      assertThat(late.balances())
          .containsEntry(twenty.account(), new Balance(Money.ZERO, CENT.times(13)));
      assertThat(ask("select count(*) from ledger_loss where owner = " + owner)).isEqualTo("0");
    }
  }

  @Test
  void rows_say_who_spent_what_and_views_add_them_up() throws Exception {
    RunId run = new RunId(77);
    Budget ofRun =
        new Budget(new Account(Account.Scope.RUN, run.toString(), ""), Money.dollars("1"));
    Budget ofTenant =
        new Budget(
            new Account(Account.Scope.TENANT, "acme \u0000 \"", "2026-11"), Money.dollars("100"));
    Ledger ledger = open(BudgetEvent.Listener.NOBODY);
    for (String step : List.of("plan", "write", "write")) {
      Claim claim =
          new Claim(
              new TenantId("acme"),
              run,
              step,
              "author",
              "key-1",
              "openai-main",
              "gpt-4o-mini",
              List.of(ofRun, ofTenant),
              CENT.times(2));
      Reservation call = reserved(ledger.reserve(claim, patience(Duration.ofSeconds(10))));
      ledger.settle(call, cost(CENT));
    }
    ledger.close();
    assertThat(
            ask(
                "select calls || ' ' || input || ' ' || output || ' ' || cost::float8 from cost_by_run where run_id = 77"))
        .isEqualTo("3 30 15 0.03");
    assertThat(
            ask(
                "select string_agg(step || ' ' || cost::float8, ', ' order by step) from cost_by_step where run_id = 77"))
        .isEqualTo("plan 0.01, write 0.02");
    assertThat(ask("select agent || ' ' || cost::float8 from cost_by_agent where run_id = 77"))
        .isEqualTo("author 0.03");
    assertThat(
            ask(
                "select model || ' ' || cached || ' ' || cost::float8 from cost_by_model where provider = 'openai-main'"))
        .isEqualTo("gpt-4o-mini 6 0.03");
    assertThat(ask("select calls || ' ' || cost::float8 from cost_by_tenant where tenant = 'acme'"))
        .isEqualTo("3 0.03");
    assertThat(
            ask(
                "select string_agg(distinct how || ' ' || reserved::float8, ',') from ledger_readable where run_id = 77"))
        .isEqualTo("reported 0.02");
  }

  /** What every account says must follow from the rows and the losses. */
  @Test
  void the_books_agree() throws Exception {
    Budget twenty = budget("0.20");
    int admitted =
        burst(
            100,
            claim(CENT.times(2), twenty),
            CENT,
            List.of(open(event -> {}), open(event -> {}), open(event -> {})));
    assertThat(admitted).isEqualTo(19);
    assertThat(
            ask(
                "select count(*) from ledger_account a where a.settled <>"
                    + " (select coalesce(sum(r.cost), 0) from ledger_row r where a.id = any(r.accounts))"
                    + " + (select coalesce(sum(l.amount), 0) from ledger_loss l where l.account = a.id)"
                    + " and a.name = '"
                    + twenty.account().id()
                    + "'"))
        .isEqualTo("0");
    assertThat(
            ask(
                "select count(*) from ledger_account a where a.held <> (select coalesce(sum(h.amount), 0)"
                    + " from ledger_hold h where h.account = a.id)"))
        .isEqualTo("0");
  }
}
