package dev.capstan.llm.limit;

import java.util.ArrayDeque;

/**
 * What was admitted within the last window, so that no window, wherever it begins, holds more than
 * the limit.
 *
 * <p>As long as there are few entries each is kept. Beyond that, those of the same 1/128 of a
 * window are kept as one which counts until the last of them has left: never too little is counted,
 * and each for at most 0.8 % of a window too long. So a log has at most about 260 entries, whatever
 * its limit.
 */
final class SlidingLog implements Room {
  private static final int GRAINS = 128;
  private static final int FEW = 128;

  private static final class Batch {
    final long first;
    long last;
    long amount;

    Batch(long now) {
      this.first = now;
      this.last = now;
    }
  }

  private final long window;
  private final long grain;
  private final ArrayDeque<Batch> batches = new ArrayDeque<>();
  private long sum;

  SlidingLog(long window) {
    this.window = window;
    this.grain = window / GRAINS;
  }

  @Override
  public boolean fits(long amount, long most, long now) {
    expire(now);
    return amount <= most - sum;
  }

  @Override
  public Place take(long amount, long now) {
    expire(now);
    Batch batch = add(amount, now);
    return new Place() {
      private long counted = amount;

      @Override
      public void used(long used, long later) {
        if (used > counted) {
          var _ = add(used - counted, later);
        } else {
          expire(later);
          if (batch.last + window > later) {
            batch.amount -= counted - used;
            sum -= counted - used;
          }
        }
        counted = used;
      }
    };
  }

  private Batch add(long amount, long now) {
    Batch last = batches.peekLast();
    if (last == null || (last.last != now && !(isLong() && now - last.first < grain))) {
      last = new Batch(now);
      batches.addLast(last);
    }
    last.last = now;
    last.amount += amount;
    sum += amount;
    return last;
  }

  private boolean isLong() {
    return batches.size() > FEW;
  }

  private void expire(long now) {
    Batch oldest = batches.peekFirst();
    while (oldest != null && oldest.last + window <= now) {
      sum -= oldest.amount;
      batches.removeFirst();
      oldest = batches.peekFirst();
    }
  }

  @Override
  public long freeAt(long amount, long most, long now) {
    expire(now);
    long over = sum - (most - amount);
    if (over <= 0) {
      return now;
    }
    for (Batch batch : batches) {
      over -= batch.amount;
      if (over <= 0) {
        return batch.last + window;
      }
    }
    // More than a whole window stands before it, which nobody can foretell exactly.
    long windows = Math.min(1 + over / most, (NEVER / 4) / window);
    return now + windows * window;
  }

  @Override
  public boolean isEmpty(long now) {
    expire(now);
    return batches.isEmpty();
  }

  /** For tests: how much memory it takes. */
  int entries() {
    return batches.size();
  }
}
