package dev.capstan.server.cases;

import dev.capstan.agents.agent.ModelTool;
import dev.capstan.agents.replay.Recording;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.plan.Action;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanCodec;
import dev.capstan.plan.Step;
import dev.capstan.plan.Templates;
import dev.capstan.server.rehearsal.JournalScript;
import dev.capstan.tools.Delay;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Tries a case for real: its plan is a run of a server, whose models are asked and paid. */
final class LiveTrial {
  private final Peer server;
  private final @Nullable String model;
  private final Delay.Pause pause;

  /**
   * @param model whom all agents ask; null for those that the case names
   */
  LiveTrial(Peer server, @Nullable String model, Delay.Pause pause) {
    this.server = server;
    this.model = model;
    this.pause = pause;
  }

  Tried of(Case found) throws InterruptedException {
    ObjectNode body = Json.object();
    body.set("plan", PlanCodec.encode(asking(found.script().plan())));
    body.set("inputs", found.script().inputs());
    String id = server.post("/runs", body).path("id").asString("");
    LiveRun run = new LiveRun(server, id, found.script().given(), pause);
    run.follow();
    Facts facts = facts(run);
    List<String> wrong = new ArrayList<>(run.unanswered());
    wrong.addAll(Assertion.checkAll(found.asserts(), facts));
    for (Assertion each : found.asserts()) {
      if (each instanceof Assertion.Judged judged) {
        wrong.addAll(judged(judged, facts.output()));
      }
    }
    return new Tried(wrong, List.of(), id + "  cost " + facts.cost());
  }

  private List<String> judged(Assertion.Judged wanted, @Nullable JsonNode output)
      throws InterruptedException {
    if (output == null) {
      return List.of("there is no output to judge");
    }
    try {
      Verdict verdict = new Judge(server).judge(wanted, output);
      return verdict.pass() ? List.of() : List.of("the judge says no: " + verdict.reason());
    } catch (Refusal none) {
      return List.of(none.problem().detail());
    }
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
    return step.doing(
        switch (step.action()) {
          case Action.CallTool call when ModelTool.isNamed(call.tool()) ->
              new Action.CallTool(
                  call.tool(), Templates.template(asking(step, call.input().source(), name)));
          case Action.RunPlan run -> new Action.RunPlan(asking(run.plan()), run.inputs());
          case Action.Loop loop ->
              new Action.Loop(
                  asking(loop.body()), loop.inputs(), loop.until(), loop.maxIterations());
          default -> step.action();
        });
  }

  /** What an agent is given, or a manager and its workers, asking this model. */
  private static JsonNode asking(Step step, JsonNode source, String name) {
    if (!source.isObject()) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST,
              "step "
                  + step.id()
                  + " is given what an expression comes to, so no other model can be named for it;"
                  + " leave --model out")
          .refusal();
    }
    ObjectNode input = source.asObject().deepCopy();
    if (!input.has("manager")) {
      return input.put("model", name);
    }
    name(input.path("manager"), name);
    input.path("workers").values().forEach(worker -> name(worker, name));
    return input;
  }

  private static void name(JsonNode agent, String model) {
    if (agent instanceof ObjectNode written) {
      written.put("model", model);
    }
  }

  private static Facts facts(LiveRun run) {
    RunState state = run.state();
    Instant from = state.startedAt();
    Instant to = state.endedAt();
    Duration took = from == null || to == null ? Duration.ZERO : Duration.between(from, to);
    Recording answered = JournalScript.answered(state, run::events, run::plan);
    return Facts.of(state, run.events(state.run()), answered, took);
  }
}
