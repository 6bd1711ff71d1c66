package dev.capstan.llm.budget;

import java.util.Locale;

/**
 * Something that money is counted against.
 *
 * @param id names it within its scope: a tenant, {@code run_…}, {@code run_…/agent}, a key's name,
 *     a model
 * @param period the stretch of time that is counted: {@code 2026-11-21}, {@code 2026-11}, or empty
 *     for all time
 */
public record Account(Scope scope, String id, String period) implements Comparable<Account> {
  /** Who or what has the budget. */
  public enum Scope {
    TENANT,
    KEY,
    MODEL,
    RUN,
    AGENT;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** In the one order that accounts are locked in. */
  @Override
  public int compareTo(Account other) {
    int byScope = scope.compareTo(other.scope);
    int byId = byScope != 0 ? byScope : id.compareTo(other.id);
    return byId != 0 ? byId : period.compareTo(other.period);
  }

  /** For people: {@code tenant acme (2026-11)}. */
  @Override
  public String toString() {
    return scope.wireName() + " " + id + (period.isEmpty() ? "" : " (" + period + ")");
  }
}
