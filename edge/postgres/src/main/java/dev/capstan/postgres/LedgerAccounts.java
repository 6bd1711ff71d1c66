package dev.capstan.postgres;

import dev.capstan.kernel.BoundedMap;
import dev.capstan.kernel.Money;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Balance;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The numbers of accounts, remembered, and made where there are none yet. */
final class LedgerAccounts {
  private static final int KNOWN = 50_000;
  private static final int LONGEST_NAME = 300;

  private static final String NAMES = "unnest(?::text[], ?::text[], ?::text[])";

  private static final String FIND_OR_MAKE =
      "with named (scope, name, period) as (select * from "
          + NAMES
          + "), made as (insert into ledger_account (scope, name, period)"
          + " select n.* from named n where not exists (select 1 from ledger_account a"
          + " where (a.scope, a.name, a.period) = (n.scope, n.name, n.period))"
          + " order by 1, 2, 3 on conflict do nothing returning id, scope, name, period)"
          + " select id, scope, name, period from made union all"
          + " select a.id, a.scope, a.name, a.period from ledger_account a"
          + " join named n using (scope, name, period)";

  private static final String BALANCES =
      "select a.id, a.scope, a.name, a.period, a.settled, a.held from ledger_account a join "
          + NAMES
          + " as n (scope, name, period) using (scope, name, period)";

  private final Map<Account, Long> known = BoundedMap.lru(KNOWN);

  /** Learned in the transaction under way. */
  private final Map<Account, Long> learned = new HashMap<>();

  /** The number of each of these, made within the caller's transaction where there is none. */
  Map<Account, Long> ids(Connection open, Collection<Account> asked) throws SQLException {
    Map<Account, Long> ids = new HashMap<>();
    List<Account> unknown = new ArrayList<>();
    for (Account account : asked) {
      Long id = known.getOrDefault(account, learned.get(account));
      if (id == null) {
        unknown.add(account);
      } else {
        ids.put(account, id);
      }
    }
    // Again when someone else made one in this very moment.
    while (!unknown.isEmpty()) {
      Map<Key, Long> found = found(open, unknown);
      unknown.removeIf(account -> {
        Long id = found.get(Key.of(account));
        if (id != null) {
          ids.put(account, id);
          learned.put(account, id);
        }
        return id != null;
      });
    }
    return ids;
  }

  private static Map<Key, Long> found(Connection open, List<Account> asked) throws SQLException {
    try (PreparedStatement statement = open.prepareStatement(FIND_OR_MAKE)) {
      bind(statement, asked);
      Map<Key, Long> found = new HashMap<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.put(Key.read(rows), rows.getLong(1));
        }
      }
      return found;
    }
  }

  /** An account as its row has it. */
  private record Key(String scope, String name, String period) {
    static Key of(Account account) {
      return new Key(account.scope().wireName(), kept(account.id()), kept(account.period()));
    }

    static Key read(ResultSet row) throws SQLException {
      return new Key(row.getString(2), row.getString(3), row.getString(4));
    }
  }

  /** As the database can hold and index it. */
  static String kept(String text) {
    String plain = LedgerColumns.kept(text);
    return plain.length() <= LONGEST_NAME
        ? plain
        : plain.substring(0, LONGEST_NAME / 2) + "#" + hash(plain);
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static void bind(PreparedStatement statement, List<Account> asked) throws SQLException {
    List<Key> keys = asked.stream().map(Key::of).toList();
    Connection open = statement.getConnection();
    statement.setArray(1, Rows.texts(open, keys.stream().map(Key::scope).toList()));
    statement.setArray(2, Rows.texts(open, keys.stream().map(Key::name).toList()));
    statement.setArray(3, Rows.texts(open, keys.stream().map(Key::period).toList()));
  }

  /** Where these stand; those that were never used are missing. */
  Map<Account, Balance> balances(Connection open, Collection<Account> asked) throws SQLException {
    Map<Key, Balance> found = new HashMap<>();
    try (PreparedStatement statement = open.prepareStatement(BALANCES)) {
      bind(statement, List.copyOf(asked));
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          Balance balance = new Balance(new Money(rows.getLong(5)), new Money(rows.getLong(6)));
          found.put(Key.read(rows), balance);
        }
      }
    }
    Map<Account, Balance> balances = new HashMap<>();
    for (Account account : asked) {
      Balance balance = found.get(Key.of(account));
      if (balance != null) {
        balances.put(account, balance);
      }
    }
    return balances;
  }

  /** Their rows may be gone. */
  void forget(Collection<Account> gone) {
    learned.clear();
    known.keySet().removeAll(gone);
  }

  void committed() {
    known.putAll(learned);
    learned.clear();
  }

  void rolledBack() {
    learned.clear();
  }
}
