package dev.capstan.postgres;

import dev.capstan.kernel.Money;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Vault;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What becomes of a process's money when its lease ends, and when it turns out to live. */
final class LedgerReaping {
  private static final String FORGET =
      "delete from ledger_owner o where o.expires_at < now() - interval '7 days' and not o.lost"
          + " and not exists (select 1 from ledger_hold h where h.owner = o.id)";

  /** Whoever is writing at the moment is alive. */
  private static final String DEAD =
      "select o.id from ledger_owner o where o.expires_at <= now() and not o.lost"
          + " and exists (select 1 from ledger_hold h where h.owner = o.id)"
          + " for update of o skip locked";

  private static final String LOCK_HELD =
      "select id from ledger_account where id in"
          + " (select account from ledger_hold where owner = any(?)) order by id for update";

  private static final String CHARGE =
      "with gone as (delete from ledger_hold where owner = any(?) returning owner, account, amount),"
          + " charged as (update ledger_account a set settled = a.settled + g.amount,"
          + " held = a.held - g.amount, used_at = now() from (select account, sum(amount)::bigint as amount"
          + " from gone group by account) g where a.id = g.account),"
          + " told as (insert into ledger_loss (owner, account, amount)"
          + " select owner, account, amount from gone),"
          + " marked as (update ledger_owner set lost = true where id = any(?))"
          + " select g.owner, a.scope, a.name, a.period, g.amount from gone g"
          + " join ledger_account a on a.id = g.account order by g.owner, a.id";

  private static final String LOCK_LOST =
      "select id from ledger_account where id in"
          + " (select account from ledger_loss where owner = ?) order by id for update";

  private static final String TAKE_BACK =
      "with back as (delete from ledger_loss where owner = ? returning account, amount),"
          + " moved as (update ledger_account a set settled = a.settled - b.amount,"
          + " held = a.held + b.amount, used_at = now() from back b where a.id = b.account),"
          + " held as (insert into ledger_hold (owner, account, amount)"
          + " select ?, account, amount from back)"
          + " update ledger_owner set lost = false where id = ?";

  private LedgerReaping() {}

  /** Charges what the dead hold, within the caller's transaction. */
  static List<Vault.Loss> reap(Connection open) throws SQLException {
    List<Long> dead = new ArrayList<>();
    try (PreparedStatement statement = open.prepareStatement(DEAD);
        ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        dead.add(rows.getLong(1));
      }
    }
    if (dead.isEmpty()) {
      return List.of();
    }
    try (PreparedStatement statement = open.prepareStatement(FORGET)) {
      statement.executeUpdate();
    }
    Array owners = open.createArrayOf("int8", dead.toArray());
    try (PreparedStatement statement = open.prepareStatement(LOCK_HELD)) {
      statement.setArray(1, owners);
      statement.executeQuery().close();
    }
    try (PreparedStatement statement = open.prepareStatement(CHARGE)) {
      statement.setArray(1, owners);
      statement.setArray(2, owners);
      List<Vault.Loss> losses = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          losses.add(loss(rows));
        }
      }
      return losses;
    }
  }

  private static Vault.Loss loss(ResultSet row) throws SQLException {
    Account.Scope scope = Account.Scope.valueOf(row.getString(2).toUpperCase(Locale.ROOT));
    Account account = new Account(scope, row.getString(3), row.getString(4));
    return new Vault.Loss(row.getLong(1), account, new Money(row.getLong(5)));
  }

  /** The owner lives, and its row is locked: what was charged for its death is on hold again. */
  static void takeBack(Connection open, long owner) throws SQLException {
    try (PreparedStatement statement = open.prepareStatement(LOCK_LOST)) {
      statement.setLong(1, owner);
      statement.executeQuery().close();
    }
    try (PreparedStatement statement = open.prepareStatement(TAKE_BACK)) {
      statement.setLong(1, owner);
      statement.setLong(2, owner);
      statement.setLong(3, owner);
      statement.executeUpdate();
    }
  }
}
