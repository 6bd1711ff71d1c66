package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;
import java.util.TreeMap;

/** What this process holds of one account, in picodollars, and who waits for it. */
final class Pool {
  private static final long FIRST_STRIDE = 8;
  private static final long LONGEST_STRIDE = 4_096;

  final Account account;

  /** Of the newest claim. */
  Budget budget;

  /** Durably held, as far as this process may count on it. */
  long drawn;

  /** By calls under way. */
  long reserved;

  /** By calls that are over, in rows that are not on their way to the vault yet. */
  long spent;

  /** Where the account stood when the vault was last heard. */
  Balance known = Balance.NONE;

  /** Those who do not fit, or come after one who does not, by their turn. */
  final TreeMap<Long, Waiter> line = new TreeMap<>();

  /** How many claims wait, are under way, or are over and not on their way to the vault yet. */
  int claims;

  /** How many of the line are stuck. */
  int stuck;

  /** The limit was lowered: what is idle was drawn under the old one, and goes back. */
  boolean recalled;

  /** Less than this is left of an allowance that others may want more of soon. */
  long lowWater;

  /** How many calls the next allowance should be good for. */
  long stride = FIRST_STRIDE;

  /** What the last call reserved. */
  long typical;

  long lastUse;
  long lastAllowance;

  Pool(Budget budget) {
    this.account = budget.account();
    this.budget = budget;
  }

  /** Drawn and nobody's; negative when a vendor billed beyond its word. */
  long idle() {
    return drawn - reserved - spent;
  }

  /** What a claim may take at once. */
  long free() {
    return recalled ? Math.min(0, idle()) : idle();
  }

  long limit() {
    return budget.limit().pico();
  }

  void heed(Budget newest) {
    if (newest.limit().compareTo(budget.limit()) < 0) {
      recalled = true;
      lowWater = 0;
    }
    budget = newest;
  }

  /** Whether an earlier one waits here. */
  boolean isBarredTo(Waiter waiter) {
    return !line.isEmpty() && line.firstKey() < waiter.turn;
  }

  /** Who is next; only when somebody waits. */
  Waiter head() {
    return line.firstEntry().getValue();
  }

  /** How much to draw beyond the need. */
  long allowance() {
    return typical > Long.MAX_VALUE / 4 / LONGEST_STRIDE ? 0 : stride * typical;
  }

  /** What of the idle is worth keeping; nothing of a budget that is small beside its calls. */
  long worthKeeping() {
    long small = Tally.small(known.left(budget.limit())).pico();
    return small < typical ? 0 : Math.min(small, allowance());
  }

  void granted(long amount, boolean asAllowance, long now) {
    drawn += amount;
    if (asAllowance && amount > typical) {
      stride =
          now - lastAllowance < Till.BRISK_NANOS ? Math.min(LONGEST_STRIDE, stride * 2) : stride;
      lastAllowance = now;
      lowWater = amount / 4;
    }
  }

  /** It lay idle for a while: the next allowance is smaller. */
  void rested() {
    stride = Math.max(FIRST_STRIDE, stride / 2);
    lowWater = 0;
  }

  boolean isEmpty() {
    return drawn == 0 && claims == 0;
  }

  /** Spent of it as far as this process knows. */
  Money settled() {
    return known.settled().plus(new Money(spent));
  }

  /** Held of it by calls, others' included, as far as this process knows. */
  Money held() {
    return known.held().minus(new Money(drawn - reserved)).max(Money.ZERO);
  }
}
