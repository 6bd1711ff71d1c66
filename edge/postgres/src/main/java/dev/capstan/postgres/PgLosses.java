package dev.capstan.postgres;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Costs.Loss;
import dev.capstan.llm.budget.Costs.Lost;
import dev.capstan.llm.budget.Costs.Selection;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * What dead processes held: what is charged for them, and what will be as soon as somebody waits
 * for it.
 */
final class PgLosses {
  /** More runs than a process has under way. */
  private static final int MOST_READ = 100_000;

  private static final String ALL =
      "select l.owner, a.scope, a.name, a.period, l.amount, l.at from"
          + " (select owner, account, amount, lost_at as at from ledger_loss union all"
          + " select h.owner, h.account, h.amount, o.expires_at from ledger_hold h"
          + " join ledger_owner o on o.id = h.owner where o.expires_at <= now() and not o.lost) l"
          + " join ledger_account a on a.id = l.account where l.amount > 0"
          + " order by l.amount desc limit "
          + MOST_READ;

  private static final String RUNS_OF =
      "select run_id from run_view where run_id = any(?) and tenant = ?";

  private PgLosses() {}

  static Lost select(Connection connection, Selection selection, int most) throws SQLException {
    List<Loss> all = all(connection).stream().filter(selection::covers).toList();
    List<Long> runs =
        all.stream().flatMap(loss -> loss.run().stream()).map(RunId::value).distinct().toList();
    Set<Long> theirs = runs.isEmpty() ? Set.of() : runsOf(connection, selection.tenant(), runs);
    return Lost.of(
        all.stream()
            .filter(loss -> loss.run().map(run -> theirs.contains(run.value())).orElse(true))
            .toList(),
        most);
  }

  private static List<Loss> all(Connection connection) throws SQLException {
    List<Loss> losses = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(ALL);
        ResultSet row = statement.executeQuery()) {
      while (row.next()) {
        losses.add(
            new Loss(
                row.getLong(1),
                new Account(
                    Account.Scope.valueOf(row.getString(2).toUpperCase(Locale.ROOT)),
                    row.getString(3),
                    row.getString(4)),
                new Money(row.getLong(5)),
                row.getTimestamp(6).toInstant()));
      }
    }
    return losses;
  }

  private static Set<Long> runsOf(Connection connection, TenantId tenant, List<Long> runs)
      throws SQLException {
    Set<Long> theirs = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(RUNS_OF)) {
      statement.setArray(1, connection.createArrayOf("int8", runs.toArray()));
      statement.setString(2, tenant.value());
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          theirs.add(row.getLong(1));
        }
      }
    }
    return theirs;
  }
}
