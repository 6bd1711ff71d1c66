package dev.capstan.llm.budget;

import dev.capstan.kernel.Money;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Where money is kept, for all processes. For every account and every draw, at the moment it is
 * granted: settled + held + granted ≤ limit. A process draws here and reserves in its own memory,
 * so that a reservation need not wait for a disk.
 *
 * <p>Whoever holds money has a lease that every batch renews. When it ends, what it held counts as
 * spent, for it may have been; should the process turn out to live, its next batch takes that back.
 * Both leave settled + held as it was, so that no clock can break a budget.
 */
public interface Vault extends AutoCloseable {
  /**
   * One transaction. Throws a {@link dev.capstan.kernel.Refusal} of {@code unavailable} when it was
   * not written or nobody knows: then the same batch is to be written again. Blocks.
   */
  Receipt write(Batch batch);

  /** Where these accounts stand now. Throws as {@link #write} does. Blocks. */
  Map<Account, Balance> balances(Collection<Account> accounts);

  /** Charges what those hold whose lease has ended. Throws as {@link #write} does. Blocks. */
  List<Loss> reap();

  /** How long a lease lasts after a batch. */
  Duration lease();

  /** Lets go of connections; money that is still held stays held until the lease ends. */
  @Override
  void close();

  /** What was charged because nobody knows what became of it. */
  record Loss(long owner, Account account, Money amount) {}
}
