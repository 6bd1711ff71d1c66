package dev.capstan.story;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Puts a server through a fault of its database while somebody uses it: it must say what ails it,
 * refuse in words, answer what it can, and be well again by itself when the fault is over.
 */
final class Ordeal implements AutoCloseable {
  /** A fault as it begins and ends. */
  interface Act {
    void happen() throws Exception;
  }

  private static final int LOOK_MILLIS = 25;
  private static final int PATIENCE_SECONDS = 60;
  private static final long LONGEST_ANSWER_MILLIS = 25_000;

  private final ServerProcess server;
  private final Door door;
  private final CountDownLatch over = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private final Regular regular;
  private final CompletableFuture<Void> visits;
  private int knocks;

  Ordeal(ServerProcess server) {
    this.server = server;
    this.door = new Door(server.url());
    this.regular = new Regular(door, over);
    this.visits = CompletableFuture.runAsync(regular, task -> Thread.ofVirtual().start(task));
  }

  /** How long it took, in milliseconds. */
  record Figures(long untilTold, long untilWell) {}

  /**
   * @param reason what /health must say at the height of it
   * @param grave whether /health calls it unhealthy, with 503
   */
  Figures suffer(Act begin, Act end, String reason, boolean grave) throws Exception {
    await("runs are accepted", () -> regular.accepted().size() > 3 && isWell());
    Door.Answer asked = door.post("/runs", Errand.APPROVAL.body("", ""), null);
    String open = asked.body().path("id").asString("");
    await("a run waits for a person", () -> isWaiting(open));
    begin.happen();
    long began = System.nanoTime();
    await("health tells", () -> !isWell());
    long untilTold = millisSince(began);
    String owed = "";
    try {
      await("health says " + reason, () -> says(reason, grave));
      owed = refused();
      theRestIsServed(open);
    } finally {
      end.happen();
    }
    long ended = System.nanoTime();
    await("it is well again by itself", this::isWell);
    long untilWell = millisSince(ended);
    String key = owed;
    await("who was refused is served", () -> regular.ask(key));
    assertThat(door.text("/metrics")).contains("\njournal_writing 1.0", "\ndatabase_ailments 0.0");
    assertThat(door.post("/runs/" + open + "/approve", "{}", null).status()).isEqualTo(202);
    return new Figures(untilTold, untilWell);
  }

  private boolean isWell() throws IOException, InterruptedException {
    Door.Answer answer = door.get("/health");
    String status = answer.body().path("status").asString("");
    assertThat(answer.status()).isEqualTo(status.equals("unhealthy") ? 503 : 200);
    for (JsonNode each : answer.body().path("reasons")) {
      assertThat(each.path("detail").asString("")).as("%s", each).hasSizeGreaterThan(20);
      assertThat(each.path("remedy").asString("")).as("%s", each).hasSizeGreaterThan(20);
    }
    return status.equals("healthy");
  }

  private boolean says(String reason, boolean grave) throws IOException, InterruptedException {
    Door.Answer answer = door.get("/health");
    return answer.body().path("reasons").toString().contains(reason)
        && (!grave || answer.status() == 503);
  }

  /** Asks for new runs until one is refused; its key. */
  private String refused() throws Exception {
    String[] key = {""};
    await(
        "a new run is refused",
        () -> {
          key[0] = "knock-" + ++knocks;
          return !regular.ask(key[0]);
        });
    return key[0];
  }

  /** What needs no disk is answered from memory, and what needs it is refused, both soon. */
  private void theRestIsServed(String open) throws IOException, InterruptedException {
    long began = System.nanoTime();
    assertThat(isWaiting(open)).isTrue();
    assertThat(door.get("/status").status()).isEqualTo(200);
    assertThat(door.get("/runs").status()).isIn(200, 503);
    assertThat(door.text("/metrics"))
        .matches("(?s).*\n(journal_writing 0|journal_slow 1|database_ailments [1-9]).*");
    assertThat(millisSince(began)).isLessThan(LONGEST_ANSWER_MILLIS);
  }

  private boolean isWaiting(String run) throws IOException, InterruptedException {
    Door.Answer seen = door.get("/runs/" + run);
    assertThat(seen.status()).as("%s", seen).isEqualTo(200);
    return seen.body().path("status").asString("").equals("waiting");
  }

  /** Everything that was accepted ends as it should, once, and the journal is whole. */
  void settle() throws Exception {
    over.countDown();
    visits.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(regular.complaints()).isEmpty();
    assertThat(regular.longestAnswerMillis()).isLessThan(LONGEST_ANSWER_MILLIS);
    Set<Integer> todos = new HashSet<>();
    int additions = 0;
    for (Map.Entry<String, Errand> one : regular.accepted().entrySet()) {
      JsonNode run = ended(one.getKey());
      assertThat(run.path("status").asString("")).as("%s", run).isEqualTo(one.getValue().end());
      nothingTwice(one.getKey());
      for (JsonNode step : run.path("steps")) {
        JsonNode todo = step.path("output").path("todo");
        if (todo.has("id") && step.path("output").path("action").asString("").equals("add")) {
          additions++;
          todos.add(todo.path("id").asInt(0));
        }
      }
    }
    // The numbers of a tenant's todos have no gaps: one that was added twice would show.
    assertThat(todos).hasSize(additions);
    assertThat(todos.stream().mapToInt(Integer::intValue).max().orElse(0)).isEqualTo(additions);
    Door.Answer verified = door.post("/verify", "{}", null);
    assertThat(verified.body().path("ok").asBoolean(false)).as("%s", verified).isTrue();
  }

  private JsonNode ended(String run) throws Exception {
    await(
        run + " ends",
        () ->
            door.get("/runs/" + run)
                .body()
                .path("status")
                .asString("")
                .matches("completed|failed"));
    return door.get("/runs/" + run).body();
  }

  private void nothingTwice(String run) throws IOException, InterruptedException {
    Set<String> ends = new HashSet<>();
    int seq = 0;
    for (JsonNode event : door.get("/runs/" + run + "/events?limit=500").body().path("items")) {
      assertThat(event.path("seq").asInt(0)).as("%s", event).isEqualTo(++seq);
      if (event.path("type").asString("").equals("step_completed")) {
        assertThat(ends.add(event.path("data").path("step").asString(""))).as("%s", event).isTrue();
      }
    }
    assertThat(seq).isPositive();
  }

  int runs() {
    return regular.accepted().size();
  }

  int refusals() {
    return regular.refusals();
  }

  long longestAnswerMillis() {
    return regular.longestAnswerMillis();
  }

  ServerProcess server() {
    return server;
  }

  private interface Fact {
    boolean holds() throws Exception;
  }

  private void await(String what, Fact fact) throws Exception {
    long began = System.nanoTime();
    while (!fact.holds()) {
      assertThat(millisSince(began))
          .as("%s: %s", what, door.get("/health").body())
          .isLessThan(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
      boolean _ = never.await(LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private static long millisSince(long began) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
  }

  @Override
  public void close() {
    over.countDown();
    door.close();
    server.close();
  }
}
