package dev.capstan.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.journal.RunStatus;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.plan.Effect;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanBuilder;
import dev.capstan.plan.ToolSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;

/** An engine turned by hand, its tools, and what they were called with. */
class EngineRig {
  final List<String> calls = new ArrayList<>();
  final Map<String, Integer> failures = new HashMap<>();
  Crank crank = crank(EngineLimits.defaults());

  Crank crank(EngineLimits limits) {
    return new Crank(tools(), Crank.Life.fresh(), limits);
  }

  Map<String, Tool> tools() {
    Tool act =
        Crank.tool(
            "act",
            Effect.IDEMPOTENT,
            call -> {
              String name = call.input().path("name").asString();
              calls.add(name);
              int left = failures.getOrDefault(name, 0);
              if (left > 0) {
                failures.put(name, left - 1);
                return Outcome.failed(ProblemCode.TOOL_FAILED, name + " is broken");
              }
              return Outcome.completed(call.input());
            });
    Tool once =
        Crank.tool(
            "once",
            Effect.ONCE,
            call -> {
              calls.add("once");
              return Outcome.completed(Json.text("done"));
            });
    Tool gate =
        new Tool() {
          @Override
          public ToolSpec spec() {
            return new ToolSpec("gate", "gate", Json.object(), Json.object(), Effect.IDEMPOTENT);
          }

          @Override
          public Outcome call(ToolCall call) {
            calls.add("gate");
            return Outcome.failed(ProblemCode.TOOL_FAILED, "whom it asked is broken");
          }

          @Override
          public boolean keepsBreakers() {
            return true;
          }
        };
    return Map.of("echo", Crank.echo(), "act", act, "once", once, "gate", gate);
  }

  /** Whatever a test did: every journal replays to the same decisions. */
  @AfterEach
  void every_run_replays_to_the_same_decisions() {
    for (RunId run : crank.store.runs()) {
      Replay.Verdict verdict =
          Replay.of(crank.journal(run), crank.engine.plans()::plan, crank.toolbox);
      assertThat(verdict.differences()).as(() -> crank.story(run).toString()).isEmpty();
    }
    crank.close();
  }

  static PlanBuilder plan() {
    return Plan.named("test");
  }

  static Map<String, Object> name(String name) {
    return Map.of("name", name);
  }

  RunStatus status(RunId run) {
    return crank.state(run).status();
  }
}
