package dev.capstan.story;

import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/**
 * Somebody who asks for one run after the other, all the time, whose server does not die: every
 * question must be answered, soon, and by a run or by a refusal that says why.
 */
final class Regular implements Runnable {
  private static final List<Errand> ERRANDS =
      List.of(Errand.PROMPT, Errand.DAG, Errand.SAGA, Errand.PROMPT, Errand.FOREACH);
  private static final int PACE_MILLIS = 60;

  private final Door door;
  private final CountDownLatch end;
  private final AtomicInteger numbers = new AtomicInteger();
  private final AtomicLong longestAnswer = new AtomicLong();
  private final AtomicInteger refusals = new AtomicInteger();
  private final Map<String, Errand> accepted = new ConcurrentHashMap<>();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();

  Regular(Door door, CountDownLatch end) {
    this.door = door;
    this.end = end;
  }

  @Override
  public void run() {
    try {
      while (!end.await(PACE_MILLIS, TimeUnit.MILLISECONDS)) {
        insist("regular-" + numbers.incrementAndGet());
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void insist(String key) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    while (!ask(key)) {
      boolean _ = never.await(PACE_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** Asks for the run of this key; false when it was refused for the time being. */
  boolean ask(String key) throws InterruptedException {
    Errand errand = ERRANDS.get(Math.floorMod(key.hashCode(), ERRANDS.size()));
    long began = System.nanoTime();
    try {
      Door.Answer answer = door.post("/runs", errand.body("", key), key);
      switch (answer.status()) {
        case 200, 201 -> accepted.put(answer.body().path("id").asString(""), errand);
        case 503 -> heed(answer.body());
        default -> complaints.add(key + " was answered " + answer);
      }
      return answer.status() != 503;
    } catch (IOException | Refusal cut) {
      complaints.add(key + " was not answered: " + cut);
      return true;
    } finally {
      longestAnswer.accumulateAndGet(System.nanoTime() - began, Math::max);
    }
  }

  private void heed(JsonNode problem) {
    refusals.incrementAndGet();
    boolean clear =
        problem.path("code").asString("").equals("unavailable")
            && problem.path("retryable").asBoolean(false)
            && problem.path("detail").asString("").length() > 10;
    if (!clear) {
      complaints.add("a refusal that says nothing: " + problem);
    }
  }

  /** What was asked for in every run that was accepted. */
  Map<String, Errand> accepted() {
    return accepted;
  }

  /** Answers that nobody should get. */
  Queue<String> complaints() {
    return complaints;
  }

  /** How often it was refused and told why. */
  int refusals() {
    return refusals.get();
  }

  long longestAnswerMillis() {
    return TimeUnit.NANOSECONDS.toMillis(longestAnswer.get());
  }
}
