package dev.capstan.engine;

import dev.capstan.journal.MemoryJournal;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The leases of a single process over a journal in memory: every worker but this one is dead. */
public final class MemoryLeases implements Leases {
  private final MemoryJournal journal;
  private final long worker;

  public MemoryLeases(MemoryJournal journal, long worker) {
    this.journal = journal;
    this.worker = worker;
  }

  @Override
  public long worker() {
    return worker;
  }

  @Override
  public boolean renew() {
    return true;
  }

  @Override
  public List<RunId> abandoned(RunId after, int limit) {
    return journal.runs().stream()
        .filter(
            run -> run.compareTo(after) > 0 && isAbandoned(journal.read(run, 0, Integer.MAX_VALUE)))
        .limit(limit)
        .toList();
  }

  private boolean isAbandoned(List<Recorded> events) {
    long owner = worker;
    for (Recorded recorded : events) {
      switch (recorded.event()) {
        case RunEvent.RunCreated created -> owner = created.owner();
        case RunEvent.RunClaimed claimed -> owner = claimed.owner();
        case RunEvent.Terminal _ -> {
          return false;
        }
        default -> {}
      }
    }
    return owner != worker;
  }

  @Override
  public Optional<Instant> expiry(long other) {
    return other == worker ? Optional.of(Instant.MAX) : Optional.empty();
  }

  @Override
  public void release() {}
}
