package dev.capstan.postgres;

import dev.capstan.kernel.Money;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Balance;
import dev.capstan.llm.budget.Batch;
import dev.capstan.llm.budget.LedgerRow;
import dev.capstan.llm.budget.Receipt;
import dev.capstan.llm.budget.Tally;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Writes one batch of a ledger within the caller's transaction. */
final class LedgerBatch {
  private static final long DECLINED = -1;

  private static final String OWNER =
      "select seq, lost, grants from ledger_owner where id = ? for update";

  /** The holds are the owner's own, and so is the lock on its row: nobody else changes them. */
  private static final String LOCK =
      "select a.id, a.settled, a.held, h.amount from ledger_account a"
          + " left join ledger_hold h on h.account = a.id and h.owner = ?"
          + " where a.id = any(?) order by a.id for update of a";

  private static final String WRITE =
      "with moved as (update ledger_account a set settled = d.settled, held = d.held,"
          + " used_at = now()"
          + " from unnest(?::bigint[], ?::bigint[], ?::bigint[]) as d (id, settled, held)"
          + " where a.id = d.id),"
          + " kept as (insert into ledger_hold (owner, account, amount)"
          + " select ?, h.account, h.amount from unnest(?::bigint[], ?::bigint[]) as h (account, amount)"
          + " on conflict (owner, account) do update set amount = excluded.amount),"
          + " gone as (delete from ledger_hold where owner = ? and account = any(?)),"
          + " booked as (insert into ledger_row ("
          + LedgerColumns.NAMES
          + ") select "
          + LedgerColumns.SELECT
          + ")"
          + " insert into ledger_owner (id, seq, expires_at, grants)"
          + " values (?, ?, now() + make_interval(secs => ?), ?)"
          + " on conflict (id) do update set seq = excluded.seq, expires_at = excluded.expires_at,"
          + " grants = excluded.grants";

  private static final String RENEW =
      "update ledger_owner set expires_at = now() + make_interval(secs => ?) where id = ?";

  private final Connection open;
  private final LedgerAccounts accounts;
  private final Duration lease;

  LedgerBatch(Connection open, LedgerAccounts accounts, Duration lease) {
    this.open = open;
    this.accounts = accounts;
    this.lease = lease;
  }

  private record Owner(long seq, boolean lost, List<Long> grants) {}

  /** One account in this transaction, and what of it is the owner's. */
  private record Stand(Balance balance, long hold) {}

  private record Place(Map<Account, Long> ids, Map<Long, Stand> stands) {
    long id(Account account) {
      return Objects.requireNonNull(ids.get(account), account::toString);
    }

    Stand stand(Account account) {
      return Objects.requireNonNull(stands.get(id(account)), account::toString);
    }
  }

  Receipt write(Batch batch) throws SQLException {
    Owner owner = owner(batch.owner());
    if (owner != null && owner.lost()) {
      LedgerReaping.takeBack(open, batch.owner());
      open.commit();
      owner = owner(batch.owner());
    }
    if (owner != null && owner.seq() >= batch.seq()) {
      renew(batch.owner());
      return again(batch, owner);
    }
    Map<Account, Long> ids = accounts.ids(open, named(batch));
    Set<Account> touched = Tally.accounts(batch);
    Map<Long, Stand> stands = lock(batch.owner(), ids, touched);
    if (touched.stream().anyMatch(account -> !stands.containsKey(ids.get(account)))) {
      // One that we knew was forgotten for its age: it is made anew.
      open.rollback();
      accounts.forget(touched);
      return write(batch);
    }
    Place place = new Place(ids, stands);
    Map<Account, Balance> before = new HashMap<>();
    touched.forEach(account -> before.put(account, place.stand(account).balance()));
    Tally tally = Tally.of(before, batch);
    store(batch, tally, place);
    return tally.receipt();
  }

  private static Set<Account> named(Batch batch) {
    Set<Account> named = new HashSet<>(Tally.accounts(batch));
    for (LedgerRow row : batch.rows()) {
      row.claim().budgets().forEach(budget -> named.add(budget.account()));
    }
    return named;
  }

  private @Nullable Owner owner(long id) throws SQLException {
    try (PreparedStatement statement = open.prepareStatement(OWNER)) {
      statement.setLong(1, id);
      try (ResultSet row = statement.executeQuery()) {
        if (!row.next()) {
          return null;
        }
        Array grants = row.getArray(3);
        return new Owner(
            row.getLong(1),
            row.getBoolean(2),
            grants == null ? List.of() : List.of((Long[]) grants.getArray()));
      }
    }
  }

  private Map<Long, Stand> lock(long owner, Map<Account, Long> ids, Set<Account> touched)
      throws SQLException {
    Map<Long, Stand> stands = new HashMap<>();
    if (touched.isEmpty()) {
      return stands;
    }
    Map<Account, Long> wanted = new HashMap<>(ids);
    wanted.keySet().retainAll(touched);
    try (PreparedStatement statement = open.prepareStatement(LOCK)) {
      statement.setLong(1, owner);
      statement.setArray(2, longs(wanted.values()));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Balance balance = new Balance(new Money(rows.getLong(2)), new Money(rows.getLong(3)));
          stands.put(rows.getLong(1), new Stand(balance, rows.getLong(4)));
        }
      }
    }
    return stands;
  }

  private void store(Batch batch, Tally tally, Place place) throws SQLException {
    TreeMap<Long, Balance> after = new TreeMap<>();
    tally.receipt().balances().forEach((account, balance) -> after.put(place.id(account), balance));
    TreeMap<Long, Long> kept = new TreeMap<>();
    List<Long> gone = new ArrayList<>();
    tally
        .heldChanges()
        .forEach((account, change) -> {
          long id = place.id(account);
          long hold = Math.addExact(place.stand(account).hold(), change.pico());
          if (hold != 0) {
            kept.put(id, hold);
          } else {
            gone.add(id);
          }
        });
    try (PreparedStatement statement = open.prepareStatement(WRITE)) {
      statement.setArray(1, longs(after.keySet()));
      statement.setArray(
          2, longs(after.values().stream().map(one -> one.settled().pico()).toList()));
      statement.setArray(3, longs(after.values().stream().map(one -> one.held().pico()).toList()));
      statement.setLong(4, batch.owner());
      statement.setArray(5, longs(kept.keySet()));
      statement.setArray(6, longs(kept.values()));
      statement.setLong(7, batch.owner());
      statement.setArray(8, longs(gone));
      int next = LedgerColumns.of(batch, place.ids()).bind(statement, 9);
      statement.setLong(next, batch.owner());
      statement.setLong(next + 1, batch.seq());
      statement.setDouble(next + 2, lease.toMillis() / 1_000.0);
      statement.setArray(next + 3, longs(grants(tally.receipt(), batch)));
      statement.executeUpdate();
    }
  }

  /** An amount for each wish of each draw. */
  private static List<Long> grants(Receipt receipt, Batch batch) {
    List<Long> grants = new ArrayList<>();
    for (int i = 0; i < batch.draws().size(); i++) {
      switch (receipt.verdicts().get(i)) {
        case Receipt.Verdict.Granted granted ->
            granted.amounts().forEach(amount -> grants.add(amount.pico()));
        case Receipt.Verdict.Declined no ->
            batch.draws().get(i).wishes().forEach(wish -> grants.add(DECLINED));
      }
    }
    return grants;
  }

  /** It had been written, and nobody heard. */
  private Receipt again(Batch batch, Owner owner) throws SQLException {
    List<Receipt.Verdict> verdicts = new ArrayList<>();
    int at = 0;
    for (Batch.Draw draw : batch.draws()) {
      List<Money> amounts = new ArrayList<>();
      for (int w = 0; w < draw.wishes().size(); w++) {
        amounts.add(new Money(owner.grants().get(at++)));
      }
      boolean declined = amounts.stream().anyMatch(amount -> amount.pico() == DECLINED);
      verdicts.add(
          declined ? new Receipt.Verdict.Declined() : new Receipt.Verdict.Granted(amounts));
    }
    return new Receipt(verdicts, accounts.balances(open, Tally.accounts(batch)));
  }

  private void renew(long owner) throws SQLException {
    try (PreparedStatement statement = open.prepareStatement(RENEW)) {
      statement.setDouble(1, lease.toMillis() / 1_000.0);
      statement.setLong(2, owner);
      statement.executeUpdate();
    }
  }

  private Array longs(long[] values) throws SQLException {
    return open.unwrap(PGConnection.class).createArrayOf("int8", values);
  }

  private Array longs(java.util.Collection<Long> values) throws SQLException {
    return longs(values.stream().mapToLong(Long::longValue).toArray());
  }
}
