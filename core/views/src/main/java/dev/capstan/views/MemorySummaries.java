package dev.capstan.views;

import dev.capstan.journal.Journal;
import dev.capstan.journal.Plans;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.RunId;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** Summaries of whatever a journal writes from now on, for as long as this process lives. */
public final class MemorySummaries implements RunSummaries {
  private final Plans plans;
  private final Map<RunId, RunState> states = new java.util.HashMap<>();
  private final ConcurrentSkipListMap<RunId, RunSummary> summaries =
      new ConcurrentSkipListMap<>(java.util.Comparator.reverseOrder());

  public MemorySummaries(Journal journal) {
    this.plans = new Plans(journal);
    journal.follow(this::fold);
  }

  private synchronized void fold(List<Recorded> batch) {
    for (Recorded recorded : batch) {
      RunState state =
          states.computeIfAbsent(recorded.run(), run -> new RunState(run, plans::plan));
      state.apply(recorded);
      summaries.put(recorded.run(), RunSummary.of(state));
      if (state.terminal() != null) {
        states.remove(recorded.run());
      }
    }
  }

  @Override
  public Page<RunSummary> list(RunFilter filter, @Nullable String cursor, int limit) {
    int most = Math.clamp(limit, 1, MOST);
    List<RunSummary> found =
        summaries.tailMap(RunCursor.parse(cursor).before(), false).values().stream()
            .filter(summary -> passes(summary, filter))
            .limit(most + 1L)
            .toList();
    boolean more = found.size() > most;
    List<RunSummary> page = more ? found.subList(0, most) : found;
    return new Page<>(page, more ? new RunCursor(page.getLast().run()).toString() : null);
  }

  private static boolean passes(RunSummary summary, RunFilter filter) {
    return summary.tenant().equals(filter.tenant())
        && (filter.statuses().isEmpty() || filter.statuses().contains(summary.status()))
        && (filter.text() == null || holds(summary, filter.text().toLowerCase(Locale.ROOT)))
        && (filter.createdAfter() == null || !summary.createdAt().isBefore(filter.createdAfter()))
        && (filter.createdBefore() == null || summary.createdAt().isBefore(filter.createdBefore()))
        && (filter.parent() == null || filter.parent().equals(summary.parent()));
  }

  private static boolean holds(RunSummary summary, String text) {
    String prompt = summary.prompt();
    return summary.name().toLowerCase(Locale.ROOT).contains(text)
        || (prompt != null && prompt.toLowerCase(Locale.ROOT).contains(text));
  }

  @Override
  public Optional<RunSummary> find(RunId run) {
    return Optional.ofNullable(summaries.get(run));
  }

  @Override
  public boolean settle(Duration atMost) {
    return true;
  }
}
