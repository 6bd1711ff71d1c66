package dev.capstan.postgres;

import dev.capstan.kernel.RunId;
import dev.capstan.kernel.RunIds;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How long runs are kept, and what of that has been done.
 *
 * @param retention null for ever
 * @param bands how many weeks of runs there are, those ahead included
 * @param oldest the first day of the oldest whole week that is kept; null before the first look,
 *     and while the band of everything older is kept
 * @param held why bands that are old enough are kept all the same; a sentence each
 * @param dropped the times of creation, first and end, whose runs were dropped
 */
public record Keeping(
    @Nullable Duration retention,
    int bands,
    @Nullable LocalDate oldest,
    List<String> held,
    List<Span> dropped) {
  /** Nothing is ever dropped. */
  public static final Keeping FOR_EVER = new Keeping(null, 0, null, List.of(), List.of());

  /** From an instant to another, which is not part of it. */
  public record Span(Instant from, Instant to) {}

  public Keeping {
    held = List.copyOf(held);
    dropped = List.copyOf(dropped);
  }

  /** Why a run of this id is not there, when it may have been dropped. */
  public Optional<String> fateOf(RunId run) {
    Instant created = RunIds.mintedAt(run);
    return dropped.stream()
        .filter(span -> !created.isBefore(span.from()) && created.isBefore(span.to()))
        .findFirst()
        .map(_ -> "runs as old as it would be are no longer kept");
  }
}
