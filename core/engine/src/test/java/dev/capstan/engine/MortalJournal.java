package dev.capstan.engine;

import dev.capstan.journal.Append;
import dev.capstan.journal.Appended;
import dev.capstan.journal.Health;
import dev.capstan.journal.Journal;
import dev.capstan.journal.MemoryJournal;
import dev.capstan.journal.Recorded;
import dev.capstan.kernel.RunId;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The journal of a process that dies at a given write: before it, so that nothing of the write is
 * there, or after it, so that the write is there and nobody heard of it. From then on the process
 * neither writes nor reads.
 */
final class MortalJournal implements Journal {
  private final MemoryJournal store;
  private int lastWrite;
  private final boolean writesItsLast;
  private int writes;

  MortalJournal(MemoryJournal store, int lastWrite, boolean writesItsLast) {
    this.store = store;
    this.lastWrite = lastWrite;
    this.writesItsLast = writesItsLast;
  }

  MemoryJournal store() {
    return store;
  }

  /** From now on it lives for ever, unless it is dead. */
  void spare() {
    lastWrite = isDead() ? lastWrite : Integer.MAX_VALUE;
  }

  boolean isDead() {
    return writes >= lastWrite;
  }

  int writes() {
    return writes;
  }

  @Override
  public CompletableFuture<Appended> append(Append append) {
    if (isDead()) {
      return new CompletableFuture<>();
    }
    writes++;
    if (!isDead()) {
      return store.append(append);
    }
    if (writesItsLast) {
      store.append(append).join();
    }
    return new CompletableFuture<>();
  }

  @Override
  public List<Recorded> read(RunId run, int afterSeq, int limit) {
    return store.read(run, afterSeq, limit);
  }

  @Override
  public Map<RunId, List<Recorded>> readAll(Collection<RunId> runs) {
    return store.readAll(runs);
  }

  @Override
  public String attachment(String hash) {
    return store.attachment(hash);
  }

  @Override
  public void follow(Consumer<List<Recorded>> follower) {
    store.follow(follower);
  }

  @Override
  public Health health() {
    return store.health();
  }

  @Override
  public void close() {}
}
