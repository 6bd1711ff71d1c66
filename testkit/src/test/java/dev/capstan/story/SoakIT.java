package dev.capstan.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Dice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Kills the whole product again and again while people use it, and counts what is lost: nothing.
 */
class SoakIT {
  private static final boolean LONG = Boolean.getBoolean("capstan.long");
  private static final int KILLS = LONG ? 50 : 4;
  private static final long SEED = Long.getLong("capstan.seed", 20_261_121L);
  private static final int ASKING = 3;
  private static final long LONGEST_RESTART_MILLIS = 60_000;
  private static final int PATIENCE_SECONDS = LONG ? 300 : 90;

  @TempDir Path home;
  private final CountDownLatch never = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch left = new CountDownLatch(1);
  private final ExecutorService people = Executors.newVirtualThreadPerTaskExecutor();
  private Outside outside;
  private ServerProcess server;
  private Door door;
  private long longestRestart;

  @BeforeEach
  void up() throws Exception {
    outside = new Outside();
    server = ServerProcess.start(home, Map.of("CAPSTAN_HTTP_ALLOW_PRIVATE", outside.address()));
    door = new Door(server.url());
  }

  @AfterEach
  void down() {
    closed.countDown();
    left.countDown();
    people.shutdownNow();
    door.close();
    server.close();
    outside.close();
  }

  @Test
  void whoever_is_killed_under_load_loses_nothing_and_does_nothing_twice() throws Exception {
    Crowd crowd = new Crowd(door, outside, closed);
    List<CompletableFuture<Void>> asking =
        IntStream.range(0, ASKING)
            .mapToObj(_ -> CompletableFuture.runAsync(crowd::ask, people))
            .toList();
    var _ =
        CompletableFuture.runAsync(new Attendant(door, outside, crowd.accepted(), left), people);
    for (int kill = 0; kill < KILLS; kill++) {
      pause(300 + (long) (3_500 * dice(1, kill)));
      killAndStartAgain(kill);
    }
    pause(1_000);
    closed.countDown();
    for (CompletableFuture<Void> one : asking) {
      one.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
    Map<String, JsonNode> runs = ended(crowd);
    left.countDown();
    everyKeyHasItsRun(crowd, runs);
    everyRunEndedAsItShould(crowd, runs);
    nothingWasDoneTwice(crowd);
    theJournalIsWhole();
    System.out.printf(
        "soak: %d runs accepted, %d kills, %d unfinished runs recovered, longest restart %d ms (seed %d)%n",
        crowd.asked(), KILLS, recovered(), longestRestart, SEED);
  }

  private double dice(int purpose, int count) {
    return Dice.unit(SEED, purpose, count);
  }

  private void pause(long millis) throws InterruptedException {
    boolean _ = never.await(millis, TimeUnit.MILLISECONDS);
  }

  /** The server, sometimes its PostgreSQL with it, and sometimes that alone a moment before. */
  private void killAndStartAgain(int kill) throws Exception {
    double how = dice(2, kill);
    if (how < 0.5) {
      server.killPostgres();
      pause(how < 0.25 ? (long) (8_000 * how) : 0);
    }
    int port = server.port();
    server.kill();
    long began = System.nanoTime();
    server =
        ServerProcess.start(
            home,
            Map.of(
                "CAPSTAN_HTTP_ALLOW_PRIVATE",
                outside.address(),
                "CAPSTAN_PORT",
                Integer.toString(port)));
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
    longestRestart = Math.max(longestRestart, took);
    assertThat(took).as("restart after kill %d", kill).isLessThan(LONGEST_RESTART_MILLIS);
  }

  /** Every run of the list once none is under way any more. */
  private Map<String, JsonNode> ended(Crowd crowd) throws IOException, InterruptedException {
    long patience = TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    long began = System.nanoTime();
    String open = "&status=pending,running,waiting,paused,blocked,compensating,cancelling";
    List<JsonNode> unfinished = door.runs(open);
    while (!unfinished.isEmpty() && System.nanoTime() - began < patience) {
      pause(500);
      unfinished = door.runs(open);
    }
    for (JsonNode one : unfinished) {
      String run = one.path("id").asString("");
      assertThat(unfinished)
          .as(
              "%s (%s) does not end: %s%n%s",
              run,
              crowd.errands().get(run),
              door.get("/runs/" + run + "/why").body(),
              door.get("/runs/" + run).body())
          .isEmpty();
    }
    Map<String, JsonNode> runs = new HashMap<>();
    for (JsonNode run : door.runs("")) {
      assertThat(runs.put(run.path("id").asString(""), run)).as("listed twice").isNull();
    }
    return runs;
  }

  private void everyKeyHasItsRun(Crowd crowd, Map<String, JsonNode> runs) throws Exception {
    assertThat(crowd.complaints()).isEmpty();
    assertThat(crowd.accepted().values()).doesNotHaveDuplicates().hasSize((int) crowd.asked());
    assertThat(runs.keySet()).containsExactlyInAnyOrderElementsOf(crowd.accepted().keySet());
    for (Map.Entry<String, String> one : crowd.accepted().entrySet()) {
      String body = crowd.errands().get(one.getKey()).body(outside.url(), one.getValue());
      Door.Answer again = door.post("/runs", body, one.getValue());
      assertThat(again.status()).as("%s", again).isEqualTo(200);
      assertThat(again.body().path("id").asString("")).isEqualTo(one.getKey());
    }
  }

  private void everyRunEndedAsItShould(Crowd crowd, Map<String, JsonNode> runs) throws Exception {
    for (Map.Entry<String, Errand> one : crowd.errands().entrySet()) {
      assertThat(runs.get(one.getKey()).path("status").asString(""))
          .as("%s %s: %s", one.getValue(), one.getKey(), runs.get(one.getKey()))
          .isEqualTo(one.getValue().end());
      if (one.getValue() == Errand.SAGA) {
        Door.Answer saga = door.get("/runs/" + one.getKey());
        assertThat(saga.body().path("compensated").toString())
            .as("%s", saga)
            .isEqualTo("[\"book\"]");
      }
    }
  }

  private void nothingWasDoneTwice(Crowd crowd) throws Exception {
    assertThat(outside.calls())
        .doesNotContainKey("none")
        .allSatisfy((key, times) -> assertThat(times).as(key).isEqualTo(1));
    long calls = crowd.errands().values().stream().filter(Errand.ONCE::equals).count();
    assertThat(outside.calls()).hasSize((int) calls);
    for (Map.Entry<String, Errand> one : crowd.errands().entrySet()) {
      if (one.getValue() == Errand.ONCE) {
        JsonNode events = door.get("/runs/" + one.getKey() + "/events?limit=500").body();
        int begun = 0;
        int decided = 0;
        for (JsonNode event : events.path("items")) {
          String type = event.path("type").asString("");
          boolean call = event.path("data").path("step").asString("").equals("call");
          begun += call && type.equals("step_started") ? 1 : 0;
          decided += type.equals("step_resolved") && event.toString().contains("\"retry\"") ? 1 : 0;
        }
        assertThat(begun).as("%s", events).isEqualTo(1 + decided);
      }
    }
  }

  /** How many unfinished runs the restarted servers say they took over. */
  private int recovered() throws IOException {
    return Pattern.compile("took over (\\d+) unfinished runs")
        .matcher(server.log())
        .results()
        .mapToInt(found -> Integer.parseInt(found.group(1)))
        .sum();
  }

  private void theJournalIsWhole() throws Exception {
    Door.Answer verified = door.post("/verify", "{}", null);
    assertThat(verified.status()).isEqualTo(200);
    assertThat(verified.body().path("ok").asBoolean(false)).as("%s", verified).isTrue();
  }
}
