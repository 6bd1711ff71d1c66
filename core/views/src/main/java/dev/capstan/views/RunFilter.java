package dev.capstan.views;

import dev.capstan.journal.RunStatus;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which runs of a tenant to list. Everything that is given must hold.
 *
 * @param statuses any of these; empty for all
 * @param text in the name or the beginning of the prompt, whatever the case
 * @param createdAfter created then or later
 * @param createdBefore created before then
 * @param parent sub-runs of this run
 */
public record RunFilter(
    TenantId tenant,
    Set<RunStatus> statuses,
    @Nullable String text,
    @Nullable Instant createdAfter,
    @Nullable Instant createdBefore,
    @Nullable RunId parent) {
  public RunFilter {
    statuses = Set.copyOf(statuses);
  }

  public static RunFilter all(TenantId tenant) {
    return new RunFilter(tenant, Set.of(), null, null, null, null);
  }
}
