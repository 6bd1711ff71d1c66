package dev.capstan.tools.todo;

import dev.capstan.kernel.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * Keeps the todos of all tenants; no tenant ever sees another's. Called from many threads; what a
 * verb returned is durable. Texts come checked, and keys are any text of up to 300 characters. A
 * store that is away is waited for: a verb throws a {@link dev.capstan.kernel.Refusal} of {@code
 * cancelled} when its thread is interrupted meanwhile, and of {@code unavailable} when the process
 * stops.
 */
public interface TodoStore {
  /**
   * Adds an open todo with the tenant's next id. The same key again adds nothing and returns the
   * todo that it added: as it is now, or, when that was deleted since, as it was at last.
   */
  Todo add(TenantId tenant, String text, String key, Instant now);

  /** Empty when there is none, or no longer. */
  Optional<Todo> find(TenantId tenant, long id);

  TodoPage list(TenantId tenant, TodoFilter filter);

  /**
   * Changes a todo and returns it as it is then. A change that changes nothing leaves {@code
   * updatedAt} as it is. Empty when there is none, or no longer.
   */
  Optional<Todo> update(TenantId tenant, long id, TodoChange change, Instant now);

  /**
   * Deletes a todo and returns it as it was. The same key again deletes nothing and returns the
   * same; any other key finds nothing. Empty when there is none, or no longer.
   */
  Optional<Todo> delete(TenantId tenant, long id, String key);
}
