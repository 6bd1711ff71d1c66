package dev.capstan.server.cases;

import dev.capstan.agents.agent.ModelTool;
import dev.capstan.agents.replay.RecordedAnswer;
import dev.capstan.agents.replay.RecordedResult;
import dev.capstan.agents.replay.Recording;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepState;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.plan.Action;
import dev.capstan.plan.Scope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What can be asserted of a run that has ended.
 *
 * @param output the plan's outputs by name; null unless it completed
 * @param why what it failed with
 * @param steps those that ran to an end of their own, in the order of their ends
 * @param tools how often each was called, by steps and by agents
 * @param took from its start to its end; null where nothing takes time
 */
record Facts(
    String status,
    @Nullable JsonNode output,
    String why,
    List<String> steps,
    Map<String, Integer> tools,
    Money cost,
    @Nullable Duration took,
    Scope scope) {

  /**
   * @param events of the run, whose state is given too
   * @param answered what models and tools said in it
   */
  static Facts of(
      RunState state, List<Recorded> events, Recording answered, @Nullable Duration took) {
    RunEvent.@Nullable Terminal end = state.terminal();
    ObjectNode output = null;
    String why = "";
    if (end instanceof RunEvent.RunCompleted completed) {
      output = Json.object();
      completed.outputs().forEach(output::set);
    } else if (end instanceof RunEvent.RunFailed failed) {
      why =
          (failed.step() == null ? "" : "step " + failed.step() + ": ")
              + failed.failure().problem();
    }
    return new Facts(
        state.status().wireName(),
        output,
        why,
        ran(events),
        called(state, answered),
        cost(answered),
        took,
        new OutputScope(state, output));
  }

  private static List<String> ran(List<Recorded> events) {
    Set<String> steps = new LinkedHashSet<>();
    for (Recorded each : events) {
      switch (each.event()) {
        case RunEvent.StepCompleted done -> steps.add(done.step().step());
        case RunEvent.ApprovalGiven said -> steps.add(said.step().step());
        case RunEvent.StepFailed failed when failed.retryAt() == null ->
            steps.add(failed.step().step());
        default -> {
          // Not the end of a step.
        }
      }
    }
    return new ArrayList<>(steps);
  }

  private static Map<String, Integer> called(RunState state, Recording answered) {
    Map<String, Integer> calls = new TreeMap<>();
    for (RecordedResult result : answered.results()) {
      calls.merge(result.tool(), 1, Integer::sum);
    }
    for (StepState step : state.steps()) {
      if (step.step().action() instanceof Action.CallTool call
          && ModelTool.isNamed(call.tool())
          && step.endedAt() != null
          && step.attempt() > 0) {
        calls.merge(call.tool(), Math.max(1, step.itemCount()), Integer::sum);
      }
    }
    return calls;
  }

  private static Money cost(Recording answered) {
    Money sum = Money.ZERO;
    for (RecordedAnswer answer : answered.answers()) {
      if (answer.said() instanceof RecordedAnswer.Spoke spoke) {
        sum = sum.plus(spoke.cost());
      }
    }
    return sum;
  }

  /** What an assertion's expression sees: {@code output}, and what the plan's own do. */
  private record OutputScope(RunState state, @Nullable JsonNode output) implements Scope {
    @Override
    public Optional<JsonNode> stepOutput(String stepId) {
      return state.scope(null).stepOutput(stepId);
    }

    @Override
    public Optional<JsonNode> root(String name) {
      return name.equals("output") ? Optional.ofNullable(output) : state.scope(null).root(name);
    }

    @Override
    public JsonNode whole() {
      ObjectNode all = (ObjectNode) state.scope(null).whole();
      all.set("output", output == null ? Json.nothing() : output);
      return all;
    }
  }
}
