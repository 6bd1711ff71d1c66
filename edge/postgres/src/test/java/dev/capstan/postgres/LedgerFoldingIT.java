package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.llm.Patience;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Admission;
import dev.capstan.llm.budget.Balance;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.budget.BudgetEvent;
import dev.capstan.llm.budget.Claim;
import dev.capstan.llm.budget.Costs.By;
import dev.capstan.llm.budget.Costs.Selection;
import dev.capstan.llm.budget.EscrowLedger;
import dev.capstan.llm.budget.Settlement;
import dev.capstan.llm.chat.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows of long ago become sums of their days, and nobody who asks for sums sees a difference. */
@Timeout(120)
class LedgerFoldingIT {
  private static final Duration MONTH = Duration.ofDays(30);
  private static final Account BUDGET = new Account(Account.Scope.TENANT, "local", "for ever");
  private static final Selection ALL = new Selection(TenantId.LOCAL, null, null);

  private Weeks weeks;
  private PgCosts costs;
  private long owner = 100;

  @BeforeEach
  void open() {
    weeks = new Weeks();
    costs = new PgCosts(weeks.database);
    weeks.pass(1);
  }

  @AfterEach
  void close() {
    weeks.close();
  }

  private void spend(@Nullable RunId run, String model, String most, String... dollars)
      throws InterruptedException {
    Instant now = weeks.clock.instant();
    Claim claim =
        new Claim(
            TenantId.LOCAL,
            run,
            run == null ? "" : "a",
            run == null ? "" : "writer",
            run == null ? "a key" : "",
            "vendor",
            model,
            List.of(new Budget(BUDGET, Money.dollars("1000"))),
            Money.dollars(most));
    try (EscrowLedger ledger =
        EscrowLedger.open(
            new PgVault(weeks.database),
            owner++,
            new EscrowLedger.Surroundings(
                weeks.clock, System::nanoTime, BudgetEvent.Listener.NOBODY))) {
      for (String cost : dollars) {
        Admission admission =
            ledger.reserve(claim, new Patience(now.plusSeconds(60), Patience.WaitListener.NOBODY));
        ledger.settle(
            ((Admission.Reserved) admission).reservation(),
            new Settlement(
                new Usage(100, 40, 5, 10, 3, true), Money.dollars(cost), Settlement.How.REPORTED));
      }
    }
  }

  private List<List<Object>> sums() {
    return List.of(
        List.of(costs.sums(By.AGENT, ALL, 100)),
        List.of(costs.sums(By.KEY, ALL, 100)),
        List.of(costs.sums(By.MODEL, ALL, 100)),
        List.of(costs.sums(By.TENANT, ALL, 100)),
        List.copyOf(weeks.ask("select t::text from cost_by_tenant t order by 1")),
        List.copyOf(weeks.ask("select t::text from cost_by_model t order by 1")));
  }

  private String rows() {
    return weeks.ask("select count(*) from ledger_row").getFirst();
  }

  private Balance balance() {
    try (PgVault vault = new PgVault(weeks.database)) {
      return vault.balances(List.of(BUDGET)).get(BUDGET);
    }
  }

  @Test
  void sums_and_budgets_are_the_same_before_and_after() throws Exception {
    RunId old = weeks.end(weeks.begin());
    spend(old, "small", "2", "0.25", "0.5");
    spend(null, "large", "2", "1.5", "0.000000000001");
    weeks.pass(1);
    spend(null, "large", "2", "0.125");
    weeks.pass(7);
    RunId young = weeks.end(weeks.begin());
    spend(young, "small", "2", "0.75");
    List<List<Object>> before = sums();
    Balance spent = balance();
    assertThat(rows()).isEqualTo("6");

    weeks.look(MONTH);

    assertThat(rows()).as("the young run's").isEqualTo("1");
    assertThat(weeks.ask("select count(*) from ledger_day")).containsExactly("3");
    assertThat(sums()).isEqualTo(before);
    assertThat(balance()).isEqualTo(spent);
    assertThat(costs.sums(By.RUN, ALL, 100).dearest()).hasSize(1);
    Instant since = weeks.clock.instant().minus(Duration.ofDays(2));
    assertThat(
            costs
                .sums(By.TENANT, new Selection(TenantId.LOCAL, null, since), 9)
                .dearest()
                .getFirst())
        .matches(sum -> sum.calls() == 1);
    assertThat(costs.sums(By.TENANT, new Selection(TenantId.LOCAL, old, null), 9).dearest())
        .isEmpty();
    spend(null, "large", "2", "1");
    assertThat(balance().settled()).isEqualTo(spent.settled().plus(Money.dollars("1")));
  }

  @Test
  void a_row_stays_while_its_run_is_kept_and_where_a_vendor_billed_beyond_its_bound()
      throws Exception {
    RunId waiting = weeks.begin();
    spend(waiting, "small", "2", "0.25");
    spend(null, "small", "0.5", "0.75");
    spend(null, "small", "1", "0.5");
    weeks.pass(10);
    weeks.look(MONTH);
    assertThat(rows()).isEqualTo("2");
    assertThat(costs.sums(By.RUN, ALL, 100).dearest()).hasSize(1);
    weeks.end(waiting);
    weeks.pass(1);
    weeks.look(MONTH);
    assertThat(rows()).as("billed beyond its bound").isEqualTo("1");
    assertThat(weeks.ask("select sum(calls) from ledger_day")).containsExactly("2");
  }

  @Test
  void without_a_retention_nothing_is_folded() throws Exception {
    spend(null, "small", "1", "0.5");
    weeks.pass(100);
    weeks.look(null);
    assertThat(rows()).isEqualTo("1");
  }

  @Test
  void several_who_fold_at_once_count_each_row_once() throws Exception {
    weeks.run(
        "insert into ledger_row select i, 1, i * 1000000::bigint, null, 10, 20, 1, 0, 0, 1, 0,"
            + " 'local', '', 'agent ' || i % 7, '', 'v', 'm', 'reported', '{}' from"
            + " generate_series(1, 30000) i");
    Instant before = Instant.EPOCH.plus(3, ChronoUnit.DAYS);
    long folded = 0;
    try (ExecutorService hands = Executors.newFixedThreadPool(3)) {
      List<Future<Long>> all =
          List.of(
              hands.submit(() -> fold(before)),
              hands.submit(() -> fold(before)),
              hands.submit(() -> fold(before)));
      for (Future<Long> each : all) {
        folded += each.get();
      }
    }
    folded += fold(before);
    assertThat(folded).isEqualTo(30_000);
    assertThat(rows()).isEqualTo("0");
    assertThat(weeks.ask("select sum(calls) || ' ' || sum(cost) from ledger_day"))
        .containsExactly("30000 300000");
  }

  private long fold(Instant before) throws Exception {
    try (var connection = weeks.database.connect("test", "")) {
      return LedgerFolding.fold(connection, before);
    }
  }
}
