package dev.capstan.engine;

import dev.capstan.kernel.TenantId;
import java.util.function.ToIntFunction;

/**
 * How much an engine does at once.
 *
 * @param maxConcurrentRuns runs that are working at the same time; more are accepted and wait their
 *     fair turn
 * @param maxConcurrentSteps attempts under way at the same time, over all runs
 * @param maxQueuedRuns runs that wait for their turn; more are refused with {@code
 *     too_many_requests}
 * @param weights a tenant's weight where tenants compete, at least 1
 */
public record EngineLimits(
    int maxConcurrentRuns,
    int maxConcurrentSteps,
    int maxQueuedRuns,
    ToIntFunction<TenantId> weights) {
  public EngineLimits {
    if (maxConcurrentRuns < 1 || maxConcurrentSteps < 1 || maxQueuedRuns < 0) {
      throw new IllegalArgumentException("an engine runs at least one run and one step at a time");
    }
  }

  public static EngineLimits defaults() {
    return new EngineLimits(2_000, 4_000, 1_000_000, tenant -> 1);
  }
}
