package dev.capstan.engine;

import dev.capstan.journal.Journal;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Tells those who wait for it that a run has ended. */
final class Endings {
  private final Journal journal;
  private final ConcurrentHashMap<RunId, CompletableFuture<RunEvent.Terminal>> awaited =
      new ConcurrentHashMap<>();

  Endings(Journal journal) {
    this.journal = journal;
    journal.follow(this::hear);
  }

  private void hear(List<Recorded> batch) {
    if (awaited.isEmpty()) {
      return;
    }
    for (Recorded recorded : batch) {
      if (recorded.event() instanceof RunEvent.Terminal end) {
        CompletableFuture<RunEvent.Terminal> waiting = awaited.remove(recorded.run());
        if (waiting != null) {
          boolean _ = waiting.complete(end);
        }
      }
    }
  }

  /**
   * The run has left memory with this end. Whoever asked after the end was heard and before the run
   * left hears of it now.
   */
  void left(RunId run, RunEvent.Terminal end) {
    CompletableFuture<RunEvent.Terminal> waiting = awaited.remove(run);
    if (waiting != null) {
      boolean _ = waiting.complete(end);
    }
  }

  /**
   * Completes when the run has ended, durably.
   *
   * @param inMemory whether the run was in memory after the question was asked; if so its end is
   *     still to be heard
   */
  CompletableFuture<RunEvent.Terminal> of(RunId run, java.util.function.BooleanSupplier inMemory) {
    CompletableFuture<RunEvent.Terminal> end =
        awaited.computeIfAbsent(run, fresh -> new CompletableFuture<>());
    if (!inMemory.getAsBoolean()) {
      List<Recorded> events = journal.read(run, 0, Integer.MAX_VALUE);
      if (!events.isEmpty() && events.getLast().event() instanceof RunEvent.Terminal known) {
        awaited.remove(run, end);
        boolean _ = end.complete(known);
      }
    }
    return end;
  }
}
