package dev.capstan.llm.limit;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A room that keeps what was taken of it and when, for a law. */
record WatchedRoom(Room room, Taken taken) implements Room {
  /** All that was taken of a limit, by whichever process. */
  static final class Taken {
    private static final class Part {
      final long at;
      volatile long amount;

      Part(long at, long amount) {
        this.at = at;
        this.amount = amount;
      }
    }

    private final List<Part> parts = new ArrayList<>();

    private synchronized Part add(long at, long amount) {
      Part part = new Part(at, amount);
      parts.add(part);
      return part;
    }

    /** The most that any window of this length held, wherever it begins. */
    synchronized long mostIn(long window) {
      List<Part> sorted = parts.stream().sorted(Comparator.comparingLong(part -> part.at)).toList();
      long most = 0;
      long sum = 0;
      int first = 0;
      for (Part part : sorted) {
        sum += part.amount;
        while (sorted.get(first).at + window <= part.at) {
          sum -= sorted.get(first++).amount;
        }
        most = Math.max(most, sum);
      }
      return most;
    }

    synchronized long last() {
      return parts.stream().mapToLong(part -> part.at).max().orElse(0);
    }

    synchronized long sum() {
      return parts.stream().mapToLong(part -> part.amount).sum();
    }
  }

  @Override
  public Place take(long amount, long now) {
    Taken.Part part = taken.add(now, amount);
    Place place = room.take(amount, now);
    return new Place() {
      @Override
      public void used(long used, long later) {
        part.amount = used;
        place.used(used, later);
      }

      @Override
      public void left(long later) {
        place.left(later);
      }
    };
  }

  @Override
  public boolean fits(long amount, long most, long now) {
    return room.fits(amount, most, now);
  }

  @Override
  public long freeAt(long amount, long most, long now) {
    return room.freeAt(amount, most, now);
  }

  @Override
  public long lookAt(long amount, long most, long now) {
    return room.lookAt(amount, most, now);
  }

  @Override
  public boolean wanted(long amount, long most, long now) {
    return room.wanted(amount, most, now);
  }

  @Override
  public boolean isEmpty(long now) {
    return room.isEmpty(now);
  }
}
