package dev.capstan.story;

import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Those who ask for runs all the time, and ask again with the same key until they are answered. */
final class Crowd {
  private static final int PACE_MILLIS = 20;

  private final Door door;
  private final Outside outside;
  private final CountDownLatch end;
  private final AtomicLong numbers = new AtomicLong();
  private final Map<String, String> accepted = new ConcurrentHashMap<>();
  private final Map<String, Errand> errands = new ConcurrentHashMap<>();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

  Crowd(Door door, Outside outside, CountDownLatch end) {
    this.door = door;
    this.outside = outside;
    this.end = end;
  }

  /** One of them: asks until the end, and does not leave before the last is answered. */
  void ask() {
    try {
      while (!end.await(PACE_MILLIS, TimeUnit.MILLISECONDS)) {
        long number = numbers.incrementAndGet();
        insist("soak-" + number, Errand.of(number));
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void insist(String key, Errand errand) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    while (!submitted(key, errand)) {
      boolean _ = never.await(PACE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private boolean submitted(String key, Errand errand) throws InterruptedException {
    try {
      Door.Answer answer = door.post("/runs", errand.body(outside.url(), key), key);
      switch (answer.status()) {
        case 200, 201 -> {
          String run = answer.body().path("id").asString("");
          accepted.put(run, key);
          errands.put(run, errand);
        }
        case 429, 503 -> {
          return false;
        }
        default -> complaints.add(key + " was answered " + answer);
      }
      return true;
    } catch (IOException | Refusal cut) {
      return false;
    }
  }

  /** The key of every run that was answered for. */
  Map<String, String> accepted() {
    return accepted;
  }

  /** What was asked for in every run. */
  Map<String, Errand> errands() {
    return errands;
  }

  /** How many keys there are. */
  long asked() {
    return numbers.get();
  }

  /** Answers that nobody should get. */
  Queue<String> complaints() {
    return complaints;
  }
}
