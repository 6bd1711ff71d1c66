package dev.capstan.engine;

import dev.capstan.journal.Append;
import dev.capstan.journal.Appended;
import dev.capstan.journal.Health;
import dev.capstan.journal.Journal;
import dev.capstan.journal.Recorded;
import dev.capstan.kernel.RunId;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A journal whose writes take longer than everything else: each waits to be let through. */
final class SlowDisk implements Journal {
  private final Journal journal;
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  SlowDisk(Journal journal) {
    this.journal = journal;
  }

  @Override
  public CompletableFuture<Appended> append(Append append) {
    CompletableFuture<Appended> done = new CompletableFuture<>();
    waiting.add(() -> {
      var _ = journal.append(append).thenAccept(done::complete);
    });
    return done;
  }

  /** Writes the first that waits. False when none does. */
  boolean write() {
    Runnable first = waiting.poll();
    if (first == null) {
      return false;
    }
    first.run();
    return true;
  }

  @Override
  public List<Recorded> read(RunId run, int afterSeq, int limit) {
    return journal.read(run, afterSeq, limit);
  }

  @Override
  public Map<RunId, List<Recorded>> readAll(Collection<RunId> runs) {
    return journal.readAll(runs);
  }

  @Override
  public String attachment(String hash) {
    return journal.attachment(hash);
  }

  @Override
  public void follow(Consumer<List<Recorded>> follower) {
    journal.follow(follower);
  }

  @Override
  public Health health() {
    return journal.health();
  }

  @Override
  public void close() {
    journal.close();
  }
}
