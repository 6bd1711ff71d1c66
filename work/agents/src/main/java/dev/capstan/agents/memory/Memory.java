package dev.capstan.agents.memory;

import dev.capstan.kernel.TenantId;
import java.time.Instant;
import java.util.List;

/**
 * What agents remember, for longer than one task and one process. A group never sees what another
 * group keeps, of the same tenant or of another. Called from many threads. A verb that cannot be
 * done at the moment throws a {@link dev.capstan.kernel.Refusal} of {@code unavailable} that says
 * what to do.
 */
public interface Memory extends AutoCloseable {
  /** Keeps nothing: for agents without memory, and for those whose memories were recorded. */
  Memory NONE = new NoMemory();

  /** How many memories a group holds. */
  record Held(String group, int memories) {}

  /**
   * Keeps it; durable when this returns. The same key again in the same group keeps nothing more
   * and returns what is kept. A full group forgets what is worth least to it, see {@link
   * Ranking#worth}, and never what was written just now.
   */
  Remembered write(MemoryGroup group, Writing writing, Instant now);

  /**
   * What comes to mind, the best first, see {@link Ranking}; nothing that has nothing to do with
   * the query.
   */
  List<Recalled> recall(MemoryGroup group, Query query, Instant now);

  /** What the group holds, newest first. */
  List<Remembered> list(MemoryGroup group, int skip, int limit);

  /** Forgets, for good, and says how many; what is not there any more counts for nothing. */
  int forget(MemoryGroup group, Forgetting which);

  /** The tenant's groups that hold anything, by name. */
  List<Held> groups(TenantId tenant);

  @Override
  void close();
}
