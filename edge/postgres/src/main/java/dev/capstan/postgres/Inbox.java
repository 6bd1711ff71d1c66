package dev.capstan.postgres;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What waits to be written: bounded, in order. Whoever brings more than fits waits. Several lanes
 * take from it, never two at once what belongs to one run.
 */
final class Inbox {
  private static final int MOST_WAITING_ROWS = 32_768;
  private static final long MOST_WAITING_BYTES = 24L << 20;
  private static final int LARGEST_BATCH_ROWS = 4_096;
  private static final long LARGEST_BATCH_BYTES = 8L << 20;

  /** Enough for a batch of its own while another is under way. */
  private static final int MANY_ROWS = 128;

  /** Not to be said at this moment. */
  static final long UNKNOWN = -1;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private final Condition many = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final ArrayDeque<Entry> waiting = new ArrayDeque<>();

  /** Batches that were taken and are not done, and their runs. */
  private final Set<List<Entry>> underWay = Collections.newSetFromMap(new IdentityHashMap<>());

  private final Set<Long> busy = new HashSet<>();

  /** Whether the lane that always takes waits for something, and was not told yet. */
  private boolean resting;

  private int rows;
  private long bytes;
  private long handed;
  private int withoutRoom;
  private boolean closed;

  /** False when it is closed. Waits for room. */
  boolean put(Entry entry) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      awaitRoom();
      if (closed) {
        return false;
      }
      entry.number = ++handed;
      waiting.addLast(entry);
      rows += entry.rows();
      bytes += entry.bytes;
      tellOfSomething();
      if (rows >= MANY_ROWS && rows - entry.rows() < MANY_ROWS) {
        many.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void tellOfSomething() {
    if (resting && !waiting.isEmpty()) {
      resting = false;
      something.signal();
    }
  }

  private void awaitRoom() throws InterruptedException {
    withoutRoom++;
    try {
      while (!closed && (rows >= MOST_WAITING_ROWS || bytes >= MOST_WAITING_BYTES)) {
        room.await();
      }
    } finally {
      withoutRoom--;
    }
  }

  /**
   * The number of the last entry that was put in: who came before now has none above it. {@link
   * #UNKNOWN} while somebody waits for room.
   */
  long handed() {
    lock.lock();
    try {
      return withoutRoom > 0 ? UNKNOWN : handed;
    } finally {
      lock.unlock();
    }
  }

  /**
   * All that waits, up to a batch, but for runs of which another batch is not {@link #done} yet.
   * Waits for the first, or until it is worth a lane's while; null when it is closed and empty.
   */
  @Nullable List<Entry> take(Lane.Use use) {
    lock.lock();
    try {
      while (true) {
        if (closed && waiting.isEmpty()) {
          return null;
        }
        if (closed || rows >= (use == Lane.Use.ALWAYS ? 1 : MANY_ROWS)) {
          List<Entry> batch = batch();
          if (!batch.isEmpty()) {
            underWay.add(batch);
            return batch;
          }
        }
        switch (use) {
          case ALWAYS -> {
            resting = true;
            something.awaitUninterruptibly();
          }
          case UNDER_LOAD -> many.awaitUninterruptibly();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private List<Entry> batch() {
    List<Entry> batch = new ArrayList<>(Math.min(waiting.size(), LARGEST_BATCH_ROWS));
    List<Entry> later = new ArrayList<>();
    int batchRows = 0;
    long batchBytes = 0;
    while (!waiting.isEmpty()) {
      Entry next = waiting.peekFirst();
      if (busy.contains(next.run)) {
        later.add(waiting.removeFirst());
        continue;
      }
      boolean fits =
          batchRows + next.rows() <= LARGEST_BATCH_ROWS
              && batchBytes + next.bytes <= LARGEST_BATCH_BYTES;
      if (!fits && !batch.isEmpty()) {
        break;
      }
      batch.add(waiting.removeFirst());
      batchRows += next.rows();
      batchBytes += next.bytes;
    }
    later.reversed().forEach(waiting::addFirst);
    batch.forEach(entry -> busy.add(entry.run));
    left(batchRows, batchBytes);
    return batch;
  }

  /** What was taken is written or lost, and everybody knows. */
  void done(List<Entry> batch) {
    lock.lock();
    try {
      underWay.remove(batch);
      batch.forEach(entry -> busy.remove(entry.run));
      tellOfSomething();
      if (closed) {
        something.signalAll();
        many.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** All entries up to this number are {@link #done}, or were taken out. */
  long settled() {
    lock.lock();
    try {
      long next = waiting.isEmpty() ? handed + 1 : waiting.peekFirst().number;
      for (List<Entry> batch : underWay) {
        next = Math.min(next, batch.getFirst().number);
      }
      return next - 1;
    } finally {
      lock.unlock();
    }
  }

  private void left(int goneRows, long goneBytes) {
    rows -= goneRows;
    bytes -= goneBytes;
    room.signalAll();
  }

  /** Takes out whatever belongs to these runs. */
  List<Entry> takeOf(Set<Long> runs) {
    lock.lock();
    try {
      List<Entry> taken = new ArrayList<>();
      for (Iterator<Entry> all = waiting.iterator(); all.hasNext(); ) {
        Entry entry = all.next();
        if (runs.contains(entry.run)) {
          all.remove();
          taken.add(entry);
          left(entry.rows(), entry.bytes);
        }
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** How many rows wait. */
  int rows() {
    lock.lock();
    try {
      return rows;
    } finally {
      lock.unlock();
    }
  }

  void close() {
    lock.lock();
    try {
      closed = true;
      something.signalAll();
      many.signalAll();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
