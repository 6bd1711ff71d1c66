package dev.capstan.views;

import dev.capstan.kernel.RunId;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The list of runs, folded from the journal a moment after it was written. */
public interface RunSummaries {
  /** No page is longer. */
  int MOST = 500;

  /**
   * The runs that pass, newest first.
   *
   * @param cursor a page's {@code next}, or null for the newest
   * @param limit 1 to {@link #MOST}; others are brought into the range
   * @throws dev.capstan.kernel.Refusal {@code invalid_request} for a cursor that is none, {@code
   *     unavailable} when the store does not answer
   */
  Page<RunSummary> list(RunFilter filter, @Nullable String cursor, int limit);

  /** Any tenant's run; empty when it is not known (yet). */
  Optional<RunSummary> find(RunId run);

  /** Waits until all that was acknowledged so far is in the list. False when that takes longer. */
  boolean settle(Duration atMost);
}
