package dev.capstan.journal;

import dev.capstan.kernel.RunId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The journal as a process sees it that dies at a given write: before it, so that nothing of the
 * write is there, or after it, so that the write is there and nobody heard of it. From then on
 * nothing that it writes is there.
 */
public final class MortalJournal implements Journal {
  private final MemoryJournal store;
  private final boolean writesItsLast;
  private final CompletableFuture<Void> death = new CompletableFuture<>();
  private final List<RunEvent> lost = new ArrayList<>();
  private int lastWrite;
  private int writes;

  /**
   * @param store what is left of it when it is dead
   * @param lastWrite from 1; never, for {@link Integer#MAX_VALUE}
   */
  public MortalJournal(MemoryJournal store, int lastWrite, boolean writesItsLast) {
    this.store = store;
    this.lastWrite = lastWrite;
    this.writesItsLast = writesItsLast;
  }

  public MemoryJournal store() {
    return store;
  }

  /** From now on it lives for ever, unless it is dead. */
  public synchronized void spare() {
    lastWrite = Integer.MAX_VALUE;
  }

  public boolean isDead() {
    return death.isDone();
  }

  /** Comes with its death. */
  public CompletableFuture<Void> death() {
    return death;
  }

  public synchronized int writes() {
    return writes;
  }

  /** What the process had done and nobody will ever know. */
  public synchronized List<RunEvent> lost() {
    return List.copyOf(lost);
  }

  @Override
  public synchronized CompletableFuture<Appended> append(Append append) {
    if (isDead()) {
      lost.addAll(append.events());
      return new CompletableFuture<>();
    }
    writes++;
    if (writes < lastWrite) {
      return store.append(append);
    }
    if (writesItsLast) {
      store.append(append).join();
    } else {
      lost.addAll(append.events());
    }
    death.complete(null);
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
