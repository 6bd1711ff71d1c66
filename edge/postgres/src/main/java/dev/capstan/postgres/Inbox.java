package dev.capstan.postgres;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** What waits to be written: bounded, in order. Whoever brings more than fits waits. */
final class Inbox {
  private static final int MOST_WAITING_ROWS = 32_768;
  private static final long MOST_WAITING_BYTES = 24L << 20;
  private static final int LARGEST_BATCH_ROWS = 4_096;
  private static final long LARGEST_BATCH_BYTES = 8L << 20;

  /** Not to be said at this moment. */
  static final long UNKNOWN = -1;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition something = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final ArrayDeque<Entry> waiting = new ArrayDeque<>();
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
      if (waiting.size() == 1) {
        something.signal();
      }
      return true;
    } finally {
      lock.unlock();
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

  /** All that waits, up to a batch; waits for the first. Null when closed and empty. */
  @Nullable List<Entry> take() {
    lock.lock();
    try {
      while (waiting.isEmpty()) {
        if (closed) {
          return null;
        }
        something.awaitUninterruptibly();
      }
      List<Entry> batch = new ArrayList<>(Math.min(waiting.size(), LARGEST_BATCH_ROWS));
      int batchRows = 0;
      long batchBytes = 0;
      while (!waiting.isEmpty()) {
        Entry next = waiting.peekFirst();
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
      left(batchRows, batchBytes);
      return batch;
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
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
