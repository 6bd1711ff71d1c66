package dev.capstan.llm.budget;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.llm.Patience;
import dev.capstan.llm.budget.Costs.By;
import dev.capstan.llm.budget.Costs.Selection;
import dev.capstan.llm.budget.Costs.Sum;
import dev.capstan.llm.chat.Usage;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every way to sum up costs has to keep. */
public abstract class CostsContract {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final RunId ONE = RunId.parse("run_01k2m3n4p5q6r");
  private static final RunId OTHER = RunId.parse("run_01k2m3n4p5q6s");
  private static final Selection ALL = new Selection(TenantId.LOCAL, null, null);

  /** Where money is kept; empty. */
  protected abstract Vault vault();

  protected abstract Costs costs();

  /** Lets the time pass until every lease has ended. */
  protected abstract void endLeases();

  @BeforeEach
  void spend() throws InterruptedException {
    try (EscrowLedger ledger =
        EscrowLedger.open(
            vault(),
            77,
            new EscrowLedger.Surroundings(
                InstantSource.fixed(NOW), System::nanoTime, BudgetEvent.Listener.NOBODY))) {
      spend(ledger, claim(ONE, "a", "writer", "small"), "0.25");
      spend(ledger, claim(ONE, "b", "reader", "large"), "1.5");
      spend(ledger, claim(OTHER, "a", "writer", "small"), "0.5");
      spend(ledger, claim(null, "", "", "small"), "0.000000000001");
    }
  }

  private static Claim claim(@Nullable RunId run, String step, String agent, String model) {
    return new Claim(
        TenantId.LOCAL,
        run,
        step,
        agent,
        run == null ? "a key" : "",
        "vendor",
        model,
        List.of(),
        Money.dollars("2"));
  }

  private static void spend(EscrowLedger ledger, Claim claim, String dollars)
      throws InterruptedException {
    Admission admission =
        ledger.reserve(claim, new Patience(NOW.plusSeconds(60), Patience.WaitListener.NOBODY));
    ledger.settle(
        ((Admission.Reserved) admission).reservation(),
        new Settlement(
            new Usage(100, 40, 0, 10, 0, true), Money.dollars(dollars), Settlement.How.REPORTED));
  }

  private List<String> sums(By by, Selection selection) {
    return costs().sums(by, selection, 100).dearest().stream().map(CostsContract::shown).toList();
  }

  private static String shown(Sum sum) {
    return String.join(" ", sum.who().values()) + ": " + sum.calls() + " for " + sum.cost();
  }

  @Test
  void sums_are_made_by_whoever_spent_and_the_dearest_comes_first() {
    assertThat(sums(By.RUN, ALL)).containsExactly(ONE + ": 2 for 1.75", OTHER + ": 1 for 0.5");
    assertThat(sums(By.STEP, ALL))
        .containsExactly(ONE + " b: 1 for 1.5", OTHER + " a: 1 for 0.5", ONE + " a: 1 for 0.25");
    assertThat(sums(By.AGENT, ALL)).containsExactly("reader: 1 for 1.5", "writer: 2 for 0.75");
    assertThat(sums(By.KEY, ALL)).containsExactly("a key: 1 for 0.000000000001");
    assertThat(sums(By.MODEL, ALL))
        .containsExactly("vendor large: 1 for 1.5", "vendor small: 3 for 0.750000000001");
    assertThat(sums(By.PROVIDER, ALL)).containsExactly("vendor: 4 for 2.250000000001");
    assertThat(sums(By.TENANT, ALL)).containsExactly("local: 4 for 2.250000000001");
  }

  @Test
  void tokens_are_summed_up_too() {
    Sum all = costs().sums(By.PROVIDER, ALL, 100).dearest().getFirst();
    assertThat(all.inputTokens()).isEqualTo(400);
    assertThat(all.cachedTokens()).isEqualTo(160);
    assertThat(all.outputTokens()).isEqualTo(40);
  }

  @Test
  void what_the_dead_held_is_told_once_whatever_the_number_of_its_budgets() {
    assertThat(costs().lost(ALL, 10)).isEqualTo(Costs.Lost.NOTHING);
    Account local = new Account(Account.Scope.TENANT, "local", "2026-11");
    Account key = new Account(Account.Scope.KEY, "local/k", "");
    Account other = new Account(Account.Scope.TENANT, "other", "2026-11");
    try (Vault vault = vault()) {
      hold(vault, 78, "0.5", local, key);
      hold(vault, 79, "0.25", local);
      hold(vault, 80, "2", other);
      assertThat(costs().lost(ALL, 10).losses()).as("they live").isEmpty();
      endLeases();
      for (boolean charged : new boolean[] {false, true}) {
        Costs.Lost lost = costs().lost(ALL, 10);
        assertThat(lost.amount()).as("charged: " + charged).isEqualTo(Money.dollars("0.75"));
        assertThat(lost.losses().stream().map(each -> each.amount() + " of " + each.account()))
            .containsExactly(
                "0.5 of tenant local (2026-11)",
                "0.5 of key local/k",
                "0.25 of tenant local (2026-11)");
        assertThat(vault.reap()).hasSize(charged ? 0 : 4);
      }
    }
    Instant past = costs().lost(ALL, 1).losses().getFirst().at();
    assertThat(costs().lost(new Selection(TenantId.LOCAL, ONE, null), 9).losses()).isEmpty();
    assertThat(costs().lost(new Selection(TenantId.LOCAL, null, past.plusSeconds(60)), 9))
        .isEqualTo(Costs.Lost.NOTHING);
  }

  private static void hold(Vault vault, long owner, String dollars, Account... accounts) {
    Money money = Money.dollars(dollars);
    List<Batch.Wish> wishes =
        Stream.of(accounts)
            .map(account -> new Batch.Wish(new Budget(account, Money.dollars("9")), money, money))
            .toList();
    var _ = vault.write(new Batch(owner, 1, List.of(), List.of(), List.of(new Batch.Draw(wishes))));
  }

  @Test
  void only_what_is_selected_is_summed_up() {
    assertThat(sums(By.STEP, new Selection(TenantId.LOCAL, OTHER, null)))
        .containsExactly(OTHER + " a: 1 for 0.5");
    assertThat(sums(By.RUN, new Selection(TenantId.LOCAL, null, NOW))).hasSize(2);
    assertThat(sums(By.RUN, new Selection(TenantId.LOCAL, null, NOW.plusSeconds(1)))).isEmpty();
    assertThat(sums(By.RUN, new Selection(new TenantId("other"), null, null))).isEmpty();
  }

  @Test
  void what_all_cost_is_told_however_few_are_shown() {
    Costs.Sums dearest = costs().sums(By.STEP, ALL, 1);
    assertThat(dearest.dearest()).singleElement().matches(sum -> sum.who().containsValue("b"));
    assertThat(dearest.count()).isEqualTo(3);
    assertThat(dearest.cost()).isEqualTo(Money.dollars("2.25"));
    Selection nobody = new Selection(new TenantId("other"), null, null);
    assertThat(costs().sums(By.STEP, nobody, 1)).isEqualTo(Costs.Sums.NONE);
  }
}
