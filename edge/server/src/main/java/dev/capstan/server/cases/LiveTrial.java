package dev.capstan.server.cases;

import dev.capstan.agents.replay.Recording;
import dev.capstan.journal.EventCodec;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.plan.Action;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanCodec;
import dev.capstan.plan.Step;
import dev.capstan.plan.Templates;
import dev.capstan.server.rehearsal.JournalScript;
import dev.capstan.server.rehearsal.Script;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tries a case for real: its plan is a run of a server, whose models are asked and paid. */
final class LiveTrial implements AutoCloseable {
  private static final Set<String> ASKING = Set.of("agent", "manager");

  private final Peer server;
  private final @Nullable String model;

  private LiveTrial(Peer server, @Nullable String model) {
    this.server = server;
    this.model = model;
  }

  static LiveTrial at(String url, @Nullable String model) {
    return new LiveTrial(new Peer(url), model);
  }

  static String address(@Nullable String named, Map<String, String> environment) {
    if (named != null) {
      return named;
    }
    String url = environment.get("CAPSTAN_URL");
    return url != null
        ? url
        : "http://localhost:" + environment.getOrDefault("CAPSTAN_PORT", "8080");
  }

  Tried of(Case found) throws InterruptedException {
    ObjectNode body = Json.object();
    body.set("plan", PlanCodec.encode(asking(found.script().plan())));
    body.set("inputs", found.script().inputs());
    String run = server.post("/runs", body).path("id").asString("");
    List<Script.Approval> approvals = new ArrayList<>(found.script().given().approvals());
    List<Script.Signal> signals = new ArrayList<>(found.script().given().signals());
    server.follow(run, event -> tell(run, event, approvals, signals));
    Facts facts = facts(server.get("/runs/" + run + "/export"));
    List<String> wrong = new ArrayList<>(Assertion.checkAll(found.asserts(), facts));
    for (Assertion each : found.asserts()) {
      if (each instanceof Assertion.Judged judged) {
        wrong.addAll(new Judge(server).check(judged, facts));
      }
    }
    return new Tried(wrong, List.of(), run + "  cost " + facts.cost());
  }

  /** The plan with the model that was named for all agents. */
  private Plan asking(Plan plan) {
    String name = model;
    if (name == null) {
      return plan;
    }
    List<Step> steps = plan.steps().stream().map(step -> asking(step, name)).toList();
    return Plan.of(plan.header(), plan.inputs(), steps, plan.outputs());
  }

  private Step asking(Step step, String name) {
    Action action =
        switch (step.action()) {
          case Action.CallTool call when ASKING.contains(call.tool()) -> {
            ObjectNode input = call.input().source().asObject().deepCopy();
            yield new Action.CallTool(call.tool(), Templates.template(input.put("model", name)));
          }
          case Action.RunPlan run -> new Action.RunPlan(asking(run.plan()), run.inputs());
          case Action.Loop loop ->
              new Action.Loop(
                  asking(loop.body()), loop.inputs(), loop.until(), loop.maxIterations());
          default -> step.action();
        };
    return step.doing(action);
  }

  /** Says what the case says people say, when the run waits for it. */
  private void tell(
      String run, JsonNode event, List<Script.Approval> approvals, List<Script.Signal> signals)
      throws InterruptedException {
    JsonNode data = event.path("data");
    if (!event.path("type").asString("").equals("step_waiting")) {
      return;
    }
    String step = data.path("step").asString("");
    String kind = data.path("awaited").path("kind").asString("");
    String name = data.path("awaited").path("name").asString("");
    for (Script.Approval said : List.copyOf(approvals)) {
      if (kind.equals("approval") && said.step().equals(step) && approvals.remove(said)) {
        ObjectNode body = Json.object().put("step", step).put("approved", said.approved());
        if (said.comment() != null) {
          body.put("comment", said.comment());
        }
        var _ = server.post("/runs/" + run + "/approve", body);
        return;
      }
    }
    for (Script.Signal said : List.copyOf(signals)) {
      if (kind.equals("signal") && said.name().equals(name) && signals.remove(said)) {
        ObjectNode body = Json.object().put("name", name);
        body.set("payload", said.payload());
        var _ = server.post("/runs/" + run + "/signal", body);
        return;
      }
    }
  }

  private static Facts facts(JsonNode export) {
    RunId run = RunId.parse(export.path("run").asString(""));
    Plan plan = PlanCodec.decode(export.path("plan"));
    List<Recorded> events = new ArrayList<>();
    for (JsonNode each : export.path("events").values()) {
      RunEvent event =
          EventCodec.decode(each.path("type").asString(""), Json.write(each.path("data")));
      events.add(
          new Recorded(
              run, each.path("seq").asInt(0), Instant.parse(each.path("at").asString("")), event));
    }
    RunState state = RunState.fold(run, events, _ -> plan);
    Instant from = state.startedAt();
    Instant to = state.endedAt();
    Duration took = from == null || to == null ? Duration.ZERO : Duration.between(from, to);
    try {
      Script script =
          JournalScript.of(state, each -> each.equals(run) ? events : List.of(), _ -> plan);
      return Facts.of(state, events, script.recording(), took);
    } catch (Refusal cancelled) {
      return Facts.of(state, events, Recording.NOTHING, took);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
