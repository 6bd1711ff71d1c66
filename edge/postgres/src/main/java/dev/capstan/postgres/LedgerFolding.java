package dev.capstan.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Adds rows of the ledger that are older than runs are kept up to sums of a day each, by tenant,
 * key, agent and model. What was spent stays known, and budgets do not notice: accounts have their
 * own sums. A row is kept as long as the journal has its run, and for ever where a vendor billed
 * beyond its bound, for that is asked at every start.
 */
final class LedgerFolding {
  private static final int AT_ONCE = 5_000;

  /**
   * One statement, so that a row is either itself or in its day's sum; several may fold at once.
   */
  private static final String FOLD =
      "with old as (select r.id, r.owner from ledger_row r where r.at < ? and r.cost <= r.reserved"
          + " and not exists (select from journal j where j.run_id = r.run_id)"
          + " limit "
          + AT_ONCE
          + " for update of r skip locked),"
          + " gone as (delete from ledger_row r using old o where (r.id, r.owner) = (o.id, o.owner)"
          + " returning r.*),"
          + " days as (select (to_timestamp(at / 1000000.0) at time zone 'utc')::date as day,"
          + " count(*) as calls, sum(cost)::bigint as cost, sum(input)::bigint as input,"
          + " sum(cached)::bigint as cached, sum(cache_write)::bigint as cache_write,"
          + " sum(output)::bigint as output, sum(reasoning)::bigint as reasoning,"
          + " tenant, key, agent, provider, model from gone"
          + " group by day, tenant, key, agent, provider, model"
          + " order by tenant, day, provider, model, agent, key),"
          + " folded as (insert into ledger_day as d (day, calls, cost, input, cached, cache_write,"
          + " output, reasoning, tenant, key, agent, provider, model) select * from days"
          + " on conflict (tenant, day, provider, model, agent, key) do update set"
          + " calls = d.calls + excluded.calls, cost = d.cost + excluded.cost,"
          + " input = d.input + excluded.input, cached = d.cached + excluded.cached,"
          + " cache_write = d.cache_write + excluded.cache_write,"
          + " output = d.output + excluded.output, reasoning = d.reasoning + excluded.reasoning)"
          + " select count(*) from gone";

  private LedgerFolding() {}

  /** How many rows were folded: those of days that were over at that moment. */
  static long fold(Connection connection, Instant before) throws SQLException {
    long day = Entry.micros(before.truncatedTo(ChronoUnit.DAYS));
    long all = 0;
    try (PreparedStatement statement = connection.prepareStatement(FOLD)) {
      long folded = AT_ONCE;
      while (folded == AT_ONCE) {
        statement.setLong(1, day);
        try (ResultSet row = statement.executeQuery()) {
          row.next();
          folded = row.getLong(1);
        }
        all += folded;
      }
    }
    return all;
  }
}
