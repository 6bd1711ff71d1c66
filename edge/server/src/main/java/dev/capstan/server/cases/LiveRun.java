package dev.capstan.server.cases;

import dev.capstan.journal.EventCodec;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanCodec;
import dev.capstan.server.rehearsal.Script;
import dev.capstan.tools.Delay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run of a server, and the runs within it, told what a case says people and programs tell it. One
 * that waits for what the case does not give is cancelled: nobody else will give it.
 */
final class LiveRun {
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Peer server;
  private final String top;
  private final Delay.Pause pause;
  private final List<Script.Approval> approvals;
  private final List<Script.Signal> signals;
  private final Map<RunId, List<Recorded>> journals = new HashMap<>();
  private final Map<String, Plan> plans = new HashMap<>();
  private final List<String> unanswered = new ArrayList<>();
  private boolean givenUp;

  LiveRun(Peer server, String top, Script.Given given, Delay.Pause pause) {
    this.server = server;
    this.top = top;
    this.pause = pause;
    this.approvals = new ArrayList<>(given.approvals());
    this.signals = new ArrayList<>(given.signals());
  }

  /** Stays with it to its end. */
  void follow() throws InterruptedException {
    follow(top, "");
  }

  private void follow(String run, String place) throws InterruptedException {
    server.follow(run, event -> hear(run, place, event));
    read(server.get("/runs/" + run + "/export"));
  }

  private void hear(String run, String place, JsonNode event) throws InterruptedException {
    if (!event.path("type").asString("").equals("step_waiting")) {
      return;
    }
    JsonNode awaited = event.path("data").path("awaited");
    String step = event.path("data").path("step").asString("");
    switch (awaited.path("kind").asString("")) {
      case "approval" -> approve(run, place, step);
      case "signal" -> signal(run, place, awaited.path("name").asString(""));
      case "child" -> {
        String child = awaited.path("run").asString("");
        int round = awaited.path("iteration").asInt(0);
        if (begins(child, run)) {
          follow(child, place + Script.within(step, round));
        }
      }
      default -> {
        // Time passes by itself.
      }
    }
  }

  /**
   * A run tells of one within it a moment before that begins, which it never does when the run
   * itself is ended first.
   */
  private boolean begins(String child, String run) throws InterruptedException {
    while (!server.knows(child)) {
      if (!server.get("/runs/" + run).path("ended_at").isMissingNode()) {
        return server.knows(child);
      }
      pause.pass(LOOK);
    }
    return true;
  }

  private void approve(String run, String place, String step) throws InterruptedException {
    Optional<Script.Approval> said =
        taken(approvals, approval -> approval.step().equals(place + step));
    if (said.isEmpty()) {
      giveUp("step " + place + step + " waits for an approval that the case does not give");
      return;
    }
    ObjectNode body = Json.object().put("step", step).put("approved", said.get().approved());
    if (said.get().comment() != null) {
      body.put("comment", said.get().comment());
    }
    tell("/runs/" + run + "/approve", body);
  }

  private void signal(String run, String place, String name) throws InterruptedException {
    Optional<Script.Signal> said =
        taken(signals, signal -> signal.name().equals(name) && signal.place().equals(place));
    if (said.isEmpty()) {
      giveUp("it waits for the signal " + name + ", which the case does not give");
      return;
    }
    ObjectNode body = Json.object().put("name", name);
    body.set("payload", said.get().payload());
    tell("/runs/" + run + "/signal", body);
  }

  private static <T> Optional<T> taken(List<T> given, Predicate<T> fits) {
    Optional<T> found = given.stream().filter(fits).findFirst();
    found.ifPresent(given::remove);
    return found;
  }

  private void giveUp(String why) throws InterruptedException {
    unanswered.add(why);
    if (!givenUp) {
      givenUp = true;
      tell("/runs/" + top + "/cancel", Json.object());
    }
  }

  /** Whoever was quicker, or a time-out, may have ended the wait: that is the run's to say. */
  private void tell(String path, ObjectNode body) throws InterruptedException {
    try {
      var _ = server.post(path, body);
    } catch (Refusal over) {
      unanswered.add("the server refused what the case says: " + over.problem().detail());
    }
  }

  private void read(JsonNode export) {
    RunId run = RunId.parse(export.path("run").asString(""));
    List<Recorded> events = new ArrayList<>();
    for (JsonNode each : export.path("events").values()) {
      RunEvent event =
          EventCodec.decode(each.path("type").asString(""), Json.write(each.path("data")));
      events.add(
          new Recorded(
              run, each.path("seq").asInt(0), Instant.parse(each.path("at").asString("")), event));
      if (event instanceof RunEvent.PlanGenerated generated) {
        plans.put(generated.plan(), PlanCodec.decode(export.path("plan")));
      }
    }
    journals.put(run, events);
  }

  /** Of a run that was followed; nothing of another one. */
  List<Recorded> events(RunId run) {
    return journals.getOrDefault(run, List.of());
  }

  Plan plan(String hash) {
    Plan plan = plans.get(hash);
    if (plan == null) {
      throw new IllegalStateException("nobody exported the plan " + hash);
    }
    return plan;
  }

  /** As it ended. */
  RunState state() {
    RunId run = RunId.parse(top);
    return RunState.fold(run, events(run), this::plan);
  }

  /** What it was to be told and was not. */
  List<String> unanswered() {
    return unanswered;
  }
}
