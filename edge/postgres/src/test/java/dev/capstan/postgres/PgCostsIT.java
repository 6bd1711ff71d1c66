package dev.capstan.postgres;

import dev.capstan.llm.budget.Costs;
import dev.capstan.llm.budget.CostsContract;
import dev.capstan.llm.budget.Vault;
import org.junit.jupiter.api.AfterEach;

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
}
