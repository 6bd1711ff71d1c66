package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Batch;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.budget.Costs;
import dev.capstan.llm.budget.Costs.Selection;
import dev.capstan.llm.budget.CostsContract;
import dev.capstan.llm.budget.Vault;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PgCostsIT extends CostsContract {
  private final Database database = TestServer.freshDatabase();

  @AfterEach
  void close() {
    database.close();
  }

  @Override
  protected Vault vault() {
    return new PgVault(database);
  }

  @Override
  protected Costs costs() {
    return new PgCosts(database);
  }

  @Override
  protected void endLeases() {
    run("update ledger_owner set expires_at = now()");
  }

  @Test
  void what_was_lost_of_a_run_is_told_to_its_tenant_only() {
    RunId run = RunId.parse("run_01k2m3n4p5q6r");
    Account agent = new Account(Account.Scope.AGENT, run + "/a/writer", "");
    Money cent = Money.dollars("0.01");
    Batch.Wish wish = new Batch.Wish(new Budget(agent, Money.dollars("1")), cent, cent);
    try (Vault vault = vault()) {
      var _ =
          vault.write(
              new Batch(81, 1, List.of(), List.of(), List.of(new Batch.Draw(List.of(wish)))));
    }
    run(
        "insert into run_view (run_id, owner, created_at, seq, priority, steps_total, steps_done,"
            + " steps_failed, tenant, status, name) values ("
            + run.value()
            + ", 1, 1, 1, 0, 1, 0, 0, 'local', 'running', 'n')");
    endLeases();
    assertThat(costs().lost(new Selection(TenantId.LOCAL, run, null), 9).amount()).isEqualTo(cent);
    assertThat(costs().lost(new Selection(new TenantId("other"), null, null), 9))
        .isEqualTo(Costs.Lost.NOTHING);
  }

  private void run(String sql) {
    try (var connection = database.connect("test", "");
        var statement = connection.createStatement()) {
      var _ = statement.executeUpdate(sql);
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
  }
}
