package dev.capstan.engine;

import dev.capstan.journal.Append;
import dev.capstan.journal.Appended;
import dev.capstan.journal.Journal;
import dev.capstan.journal.Relay;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;

/** A journal whose writes take longer than everything else: each waits to be let through. */
final class SlowDisk implements Relay {
  private final Journal journal;
  private final Deque<Runnable> waiting = new ArrayDeque<>();

  SlowDisk(Journal journal) {
    this.journal = journal;
  }

  @Override
  public Journal behind() {
    return journal;
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
}
