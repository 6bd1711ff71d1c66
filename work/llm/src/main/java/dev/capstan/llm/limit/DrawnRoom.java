package dev.capstan.llm.limit;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The part of a limit's room that this process has drawn and may still use. */
final class DrawnRoom implements Room {
  private static final int GRAINS = 128;
  private static final long LONGEST_VALID = Duration.ofSeconds(1).toNanos();

  /** Others may give back sooner than time does; who waits asks again after this. */
  private static final long ASK_AGAIN = Duration.ofMillis(500).toNanos();

  private static final class Lot {
    final long id;
    final long until;
    long left;

    Lot(long id, long until, long left) {
      this.id = id;
      this.until = until;
      this.left = left;
    }
  }

  private final Limit limit;
  private final long valid;
  private final Consumer<DrawnRoom> asks;
  private final ArrayDeque<Lot> lots = new ArrayDeque<>();
  private final Map<Long, Long> givenBack = new HashMap<>();
  private long left;
  private long owed;
  private long most;
  private long freeAt;
  private long askAgainAt;
  private boolean isWanted;
  private boolean isUnderWay;

  /** {@code asks} has this room's wish fetched soon. */
  DrawnRoom(Limit limit, Consumer<DrawnRoom> asks) {
    this.limit = limit;
    this.valid = Math.min(limit.window().toNanos() / GRAINS, LONGEST_VALID);
    this.asks = asks;
    this.most = limit.most();
  }

  Limit limit() {
    return limit;
  }

  @Override
  public boolean fits(long amount, long limitMost, long now) {
    expire(now);
    return amount <= left;
  }

  private void expire(long now) {
    Lot oldest = lots.peekFirst();
    while (oldest != null && oldest.until <= now) {
      giveBack(oldest.id, oldest.left);
      left -= oldest.left;
      lots.removeFirst();
      oldest = lots.peekFirst();
    }
  }

  private void giveBack(long lot, long amount) {
    if (amount > 0) {
      givenBack.merge(lot, amount, Long::sum);
    }
  }

  @Override
  public Place take(long amount, long now) {
    expire(now);
    Map<Lot, Long> taken = new HashMap<>();
    long rest = amount;
    for (Iterator<Lot> each = lots.iterator(); rest > 0 && each.hasNext(); ) {
      Lot lot = each.next();
      long part = Math.min(rest, lot.left);
      if (part > 0) {
        taken.put(lot, part);
        lot.left -= part;
        rest -= part;
      }
    }
    left -= amount - rest;
    owed += rest;
    return new Taken(taken, amount);
  }

  private final class Taken implements Place {
    private final Map<Lot, Long> taken;
    private long counted;

    Taken(Map<Lot, Long> taken, long counted) {
      this.taken = taken;
      this.counted = counted;
    }

    @Override
    public void used(long amount, long now) {
      expire(now);
      if (amount > counted) {
        owed += amount - counted;
      }
      long spare = counted - amount;
      for (Map.Entry<Lot, Long> part : taken.entrySet()) {
        long back = Math.min(Math.max(0, spare), part.getValue());
        spare -= back;
        part.setValue(part.getValue() - back);
        if (part.getKey().until > now) {
          part.getKey().left += back;
          left += back;
        } else {
          giveBack(part.getKey().id, back);
        }
      }
      counted = amount;
      if (owed > 0 || !givenBack.isEmpty()) {
        asks.accept(DrawnRoom.this);
      }
    }
  }

  /** Now, as long as nobody knows. */
  @Override
  public long freeAt(long amount, long limitMost, long now) {
    return now < askAgainAt && !fits(amount, limitMost, now) ? Math.max(freeAt, askAgainAt) : now;
  }

  @Override
  public long lookAt(long amount, long limitMost, long now) {
    if (fits(amount, limitMost, now)) {
      return now;
    }
    return now < askAgainAt ? askAgainAt : NEVER;
  }

  /** Whoever comes while an answer is expected expects the next one, and passes nobody. */
  @Override
  public boolean wanted(long amount, long limitMost, long now) {
    boolean isExpected = isWanted || isUnderWay;
    if (!isExpected && (now < askAgainAt || fits(amount, limitMost, now))) {
      return false;
    }
    isWanted = true;
    most = limitMost;
    asks.accept(this);
    return true;
  }

  @Override
  public boolean isEmpty(long now) {
    expire(now);
    return lots.isEmpty() && !isDue(now) && !isUnderWay && now >= askAgainAt;
  }

  /**
   * What is to be asked of the store now; {@link #granted} or {@link #failed} must follow. Null
   * when there is nothing to ask.
   *
   * @param demand of those who wait
   */
  Allotments.@Nullable Wish wish(long demand, long now) {
    expire(now);
    isWanted = false;
    long amount = now < askAgainAt ? 0 : Math.clamp(demand - left, 0, most);
    if (amount == 0 && owed == 0 && givenBack.isEmpty()) {
      return null;
    }
    Limit current = new Limit(limit.key(), limit.unit(), most, limit.window());
    Allotments.Wish wish =
        new Allotments.Wish(current, amount, Duration.ofNanos(valid), givenBack, owed);
    givenBack.clear();
    owed = 0;
    isUnderWay = true;
    return wish;
  }

  /**
   * The store's answer to what was asked at {@code askedAt}.
   *
   * @return when what is not used of it is to be given back; 0 for nothing
   */
  long granted(Allotments.Wish wish, Allotments.Grant grant, long askedAt, long now) {
    isUnderWay = false;
    if (!grant.freeIn().isZero()) {
      freeAt = now + grant.freeIn().toNanos();
      askAgainAt = Math.min(freeAt, now + ASK_AGAIN);
    }
    if (grant.amount() == 0) {
      return 0;
    }
    lots.addLast(new Lot(grant.lot(), askedAt + valid, grant.amount()));
    left += grant.amount();
    return askedAt + valid;
  }

  /** The store is away: the wish is made again later. */
  void failed(Allotments.Wish wish, long now) {
    isUnderWay = false;
    freeAt = now + LONGEST_VALID;
    askAgainAt = freeAt;
    owed += wish.owed();
    wish.givenBack().forEach((lot, amount) -> givenBack.merge(lot, amount, Long::sum));
  }

  boolean isDue(long now) {
    expire(now);
    return isWanted || owed > 0 || !givenBack.isEmpty();
  }
}
