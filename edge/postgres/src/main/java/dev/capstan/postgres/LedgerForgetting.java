package dev.capstan.postgres;

import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.RunIds;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Forgets accounts that nothing can be charged to any more: of runs that the journal has no more,
 * and of days and months that are over. None goes that was moved since, that anybody holds money
 * of, or that was charged for somebody who died, for the dead may turn out to live.
 */
final class LedgerForgetting {
  private static final int AT_ONCE = 5_000;

  /** By name, which is by the time of the run. */
  private static final String OF_RUNS =
      "select id, name from ledger_account where scope = ? and name > ? and name < ?"
          + " and period = '' and held = 0 and used_at < ? order by name limit "
          + AT_ONCE;

  /**
   * Whoever moves an account locks it, and moves {@code used_at} with it: so what is found here
   * once it is locked was not moved since the other tables were looked at.
   */
  private static final String IDLE =
      " a.held = 0 and a.used_at < ?"
          + " and not exists (select from ledger_hold h where h.account = a.id)"
          + " and not exists (select from ledger_loss l where l.account = a.id)"
          + " order by a.id limit "
          + AT_ONCE
          + " for update of a skip locked)"
          + " delete from ledger_account a using idle where a.id = idle.id";

  private static final String FORGET_RUNS =
      "with idle as (select a.id from ledger_account a"
          + " join unnest(?::bigint[], ?::bigint[]) as c (id, run) on c.id = a.id"
          + " where not exists (select from journal j where j.run_id = c.run) and"
          + IDLE;

  private static final String FORGET_PERIODS =
      "with idle as (select a.id from ledger_account a"
          + " where scope in ('tenant', 'key', 'model') and (period ~ '^\\d{4}-\\d{2}-\\d{2}$'"
          + " and period collate \"C\" < ? or period ~ '^\\d{4}-\\d{2}$' and period collate \"C\" < ?) and"
          + IDLE;

  private final Connection connection;
  private final Instant before;

  private LedgerForgetting(Connection connection, Instant before) {
    this.connection = connection;
    this.before = before;
  }

  /** How many accounts were forgotten: those that were last used before that day. */
  static long forget(Connection connection, Instant before) throws SQLException {
    LedgerForgetting forgetting =
        new LedgerForgetting(connection, before.truncatedTo(ChronoUnit.DAYS));
    return forgetting.runs("run") + forgetting.runs("agent") + forgetting.periods();
  }

  /**
   * @param last the last name that was looked at
   */
  private record Found(List<Long> accounts, List<Long> runs, int all, String last) {}

  private long runs(String scope) throws SQLException {
    long forgotten = 0;
    String after = "";
    int found = AT_ONCE;
    while (found == AT_ONCE) {
      Found some = find(scope, after);
      forgotten += forget(some);
      after = some.last();
      found = some.all();
    }
    return forgotten;
  }

  private Found find(String scope, String after) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(OF_RUNS)) {
      statement.setString(1, scope);
      statement.setString(2, after);
      statement.setString(3, RunIds.firstAt(before).toString());
      statement.setObject(4, before.atOffset(ZoneOffset.UTC));
      List<Long> accounts = new ArrayList<>();
      List<Long> runs = new ArrayList<>();
      int all = 0;
      String last = after;
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          all++;
          last = row.getString(2);
          Optional<RunId> run = run(last).filter(id -> RunIds.mintedAt(id).isBefore(before));
          if (run.isPresent()) {
            accounts.add(row.getLong(1));
            runs.add(run.get().value());
          }
        }
      }
      return new Found(accounts, runs, all, last);
    }
  }

  private static Optional<RunId> run(String name) {
    try {
      return Optional.of(RunId.parse(name.split("/", 2)[0]));
    } catch (Refusal other) {
      // Whatever this account is of, it is no run's.
      return Optional.empty();
    }
  }

  private long forget(Found found) throws SQLException {
    if (found.accounts().isEmpty()) {
      return 0;
    }
    try (PreparedStatement statement = connection.prepareStatement(FORGET_RUNS)) {
      statement.setArray(1, connection.createArrayOf("int8", found.accounts().toArray()));
      statement.setArray(2, connection.createArrayOf("int8", found.runs().toArray()));
      statement.setObject(3, before.atOffset(ZoneOffset.UTC));
      return statement.executeUpdate();
    }
  }

  private long periods() throws SQLException {
    String day = LocalDate.ofInstant(before, ZoneOffset.UTC).toString();
    long all = 0;
    try (PreparedStatement statement = connection.prepareStatement(FORGET_PERIODS)) {
      int forgotten = AT_ONCE;
      while (forgotten == AT_ONCE) {
        statement.setString(1, day);
        statement.setString(2, day.substring(0, 7));
        statement.setObject(3, before.atOffset(ZoneOffset.UTC));
        forgotten = statement.executeUpdate();
        all += forgotten;
      }
    }
    return all;
  }
}
