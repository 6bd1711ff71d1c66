package dev.capstan.story;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The person whom runs wait for: says yes to every approval, and, where a call's outcome is
 * unknown, asks the world outside whether it acted before deciding that it be made again.
 */
final class Attendant implements Runnable {
  private static final int ROUND_MILLIS = 250;

  private final Door door;
  private final Outside outside;
  private final Map<String, String> accepted;
  private final CountDownLatch end;

  /**
   * @param accepted the key that each run was accepted with
   */
  Attendant(Door door, Outside outside, Map<String, String> accepted, CountDownLatch end) {
    this.door = door;
    this.outside = outside;
    this.accepted = accepted;
    this.end = end;
  }

  @Override
  public void run() {
    try {
      while (!end.await(ROUND_MILLIS, TimeUnit.MILLISECONDS)) {
        look();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void look() throws InterruptedException {
    try {
      for (JsonNode run : door.runs("&status=waiting,blocked")) {
        attend(run.path("id").asString(""));
      }
    } catch (IOException | Refusal down) {
      // The server is dead at the moment: the next round finds it again.
      return;
    }
  }

  private void attend(String run) throws IOException, InterruptedException {
    JsonNode body = door.get("/runs/" + run).body();
    for (JsonNode step : body.path("steps")) {
      String id = step.path("id").asString("");
      if (id.equals("ask") && step.path("status").asString("").equals("waiting")) {
        door.post("/runs/" + run + "/approve", "{}", null);
      } else if (step.path("status").asString("").equals("unknown")) {
        resolve(run, id);
      }
    }
  }

  private void resolve(String run, String step) throws IOException, InterruptedException {
    String client = accepted.get(run);
    if (client == null) {
      // Its acceptance is not answered yet: who asked for it is not known.
      return;
    }
    ObjectNode decision = Json.object().put("step", step);
    if (outside.hasActedFor(client)) {
      decision.put("resolution", "complete");
      decision
          .putObject("output")
          .put("status", 200)
          .put("url", outside.url())
          .putObject("headers");
    } else {
      decision.put("resolution", "retry");
    }
    door.post("/runs/" + run + "/resolve", Json.write(decision), null);
  }
}
