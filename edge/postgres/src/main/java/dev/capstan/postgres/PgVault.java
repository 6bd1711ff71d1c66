package dev.capstan.postgres;

import dev.capstan.kernel.Money;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Balance;
import dev.capstan.llm.budget.Batch;
import dev.capstan.llm.budget.Receipt;
import dev.capstan.llm.budget.Vault;
import dev.capstan.llm.price.Bounds;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Money in PostgreSQL, on a connection of its own: a batch is one transaction of three or four
 * statements, whatever it holds. Locks are taken in one order by everybody: first the process's own
 * row, then accounts that are new, by name, then all accounts, by number.
 */
public final class PgVault implements Vault {
  private static final Duration LEASE = Duration.ofSeconds(30);
  private static final String OPTIONS = "-c statement_timeout=30000";

  private static final String OVERBILLED =
      "select provider, model, reserved, cost from ledger_row where cost > reserved order by id";

  private final Database database;
  private final LedgerAccounts accounts = new LedgerAccounts();
  private @Nullable Connection connection;

  public PgVault(Database database) {
    this.database = database;
  }

  /** What is done in one transaction, and may be done again when its end is not known. */
  private interface Work<T> {
    T on(Connection open) throws SQLException;
  }

  @Override
  public synchronized Receipt write(Batch batch) {
    return transact(open -> new LedgerBatch(open, accounts, LEASE).write(batch));
  }

  @Override
  public synchronized Map<Account, Balance> balances(Collection<Account> asked) {
    return transact(open -> accounts.balances(open, asked));
  }

  @Override
  public synchronized List<Loss> reap() {
    return transact(LedgerReaping::reap);
  }

  /**
   * Tells what vendors ever billed beyond their bounds, in order, so that a new process bounds them
   * as high as the one before. Throws as {@link #write} does. Blocks.
   */
  public synchronized void teach(Bounds bounds) {
    List<Overbill> all = transact(PgVault::overbilled);
    for (Overbill each : all) {
      bounds.exceeded(each.provider(), each.model(), each.reserved(), each.cost());
    }
  }

  private record Overbill(String provider, String model, Money reserved, Money cost) {}

  private static List<Overbill> overbilled(Connection open) throws SQLException {
    List<Overbill> all = new ArrayList<>();
    try (PreparedStatement statement = open.prepareStatement(OVERBILLED);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        all.add(
            new Overbill(
                rows.getString(1),
                rows.getString(2),
                new Money(rows.getLong(3)),
                new Money(rows.getLong(4))));
      }
    }
    return all;
  }

  /** Once more on a new connection when the one at hand turns out to be lost. */
  private <T> T transact(Work<T> work) {
    boolean kept = connection != null;
    try {
      return attempt(work);
    } catch (SQLException failed) {
      if (!kept || !Faults.isLostConnection(failed)) {
        throw Faults.refusal(failed);
      }
    }
    try {
      return attempt(work);
    } catch (SQLException failed) {
      throw Faults.refusal(failed);
    }
  }

  private <T> T attempt(Work<T> work) throws SQLException {
    try {
      Connection open = open();
      T answer = work.on(open);
      open.commit();
      accounts.committed();
      return answer;
    } catch (SQLException | RuntimeException failed) {
      accounts.rolledBack();
      disconnect();
      throw failed;
    }
  }

  private Connection open() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = database.connect("ledger", OPTIONS);
      connection = open;
      open.setAutoCommit(false);
    }
    return open;
  }

  private void disconnect() {
    Connection old = connection;
    connection = null;
    if (old != null) {
      try {
        old.close();
      } catch (SQLException gone) {
        // It was broken, which is why we leave it.
        System.getLogger(PgVault.class.getName())
            .log(System.Logger.Level.DEBUG, "a broken connection did not close", gone);
      }
    }
  }

  @Override
  public Duration lease() {
    return LEASE;
  }

  @Override
  public synchronized void close() {
    disconnect();
  }
}
