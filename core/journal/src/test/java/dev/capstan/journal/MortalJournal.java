package dev.capstan.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The journal as a process sees it that dies at a given write: before it, so that nothing of the
 * write is there, or after it, so that the write is there and nobody heard of it. From then on
 * nothing that it writes is there.
 */
public final class MortalJournal implements Relay {
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

  /** What is left of it when it is dead. */
  @Override
  public MemoryJournal behind() {
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

  /** What is left must stay readable. */
  @Override
  public void close() {}
}
