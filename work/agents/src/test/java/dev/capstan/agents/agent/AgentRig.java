package dev.capstan.agents.agent;

import dev.capstan.engine.step.Checkpoints;
import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.journal.Checkpoint;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Breaker;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.llm.Gateway;
import dev.capstan.llm.budget.EscrowLedger;
import dev.capstan.llm.budget.MemoryVault;
import dev.capstan.llm.cache.MemoryAnswers;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.limit.MemoryLimiter;
import dev.capstan.llm.price.Price;
import dev.capstan.llm.provider.ModelProvider;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.llm.provider.Reply;
import dev.capstan.llm.provider.scripted.ModelScript;
import dev.capstan.llm.provider.scripted.ScriptedProvider;
import dev.capstan.llm.stage.GatewayParts;
import dev.capstan.llm.stage.Meter;
import dev.capstan.llm.stage.ModelGateway;
import dev.capstan.llm.stage.Retries;
import dev.capstan.llm.stage.Route;
import dev.capstan.llm.stage.Rules;
import dev.capstan.llm.stage.Target;
import dev.capstan.llm.stage.Tariff;
import dev.capstan.plan.Effect;
import dev.capstan.plan.ToolSpec;
import dev.capstan.tools.ToolRegistry;
import dev.capstan.tools.Tools;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** An agent behind the real gateway, whose model goes by a script; it may die at any write. */
final class AgentRig implements AutoCloseable {
  private static final Price PRICE =
      new Price(
          Money.dollars("0.000001"),
          Money.dollars("0.000001"),
          Money.dollars("0.000001"),
          Money.dollars("0.000002"),
          "this test",
          LocalDate.of(2026, 11, 1));

  /** The death of the process: whatever it did after it is not known to anybody. */
  static final class Died extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Which of the tools with agents in them lives here. */
  String tool = "agent";

  final ManualTimers time = new ManualTimers();
  final List<Checkpoint> journal = new ArrayList<>();
  final List<String> asked = new ArrayList<>();
  final List<String> acted = new ArrayList<>();
  final EscrowLedger ledger;
  private final Gateway gateway;
  private final ToolRegistry tools;

  AgentRig(String script) {
    ledger =
        EscrowLedger.open(
            new MemoryVault(time, Duration.ofMinutes(1)),
            1,
            new EscrowLedger.Surroundings(time, System::nanoTime, event -> {}));
    gateway = gateway(new ScriptedProvider("script", ModelScript.read(script), time, time));
    tools =
        ToolRegistry.of(
            tool("act", Effect.IDEMPOTENT),
            tool("once", Effect.ONCE),
            Tools.of(
                spec("broken", Effect.PURE),
                call -> {
                  throw Problem.of(ProblemCode.TOOL_FAILED, "the tool is broken").refusal();
                }));
  }

  private static ToolSpec spec(String name, Effect effect) {
    return new ToolSpec(name, name, Json.object(), Json.object(), effect);
  }

  private Tool tool(String name, Effect effect) {
    return Tools.of(
        spec(name, effect),
        call -> {
          acted.add(name + Json.write(call.input()));
          return Json.object().put("did", name);
        });
  }

  private Gateway gateway(ModelProvider scripted) {
    ModelProvider counted =
        new ModelProvider() {
          @Override
          public String name() {
            return scripted.name();
          }

          @Override
          public String dialect() {
            return scripted.dialect();
          }

          @Override
          public Reply call(ProviderCall call, DeltaSink sink) throws InterruptedException {
            asked.add("after " + call.messages().size());
            return scripted.call(call, sink);
          }
        };
    Target target =
        new Target(
            counted,
            "script-1",
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            new Target.Health(Breaker.Rules.DEFAULT));
    Route route =
        new Route(
            "default",
            List.of(target),
            Retries.DEFAULT,
            200,
            400,
            Duration.ZERO,
            Duration.ofSeconds(5));
    return new ModelGateway(
        Map.of("default", route),
        new GatewayParts(
            ledger,
            new MemoryLimiter(time, time),
            new MemoryAnswers(time, 1 << 20),
            new PriceOfAll(),
            Rules.NONE,
            Meter.NONE,
            time,
            time,
            System::nanoTime,
            7));
  }

  private static final class PriceOfAll implements Tariff {
    @Override
    public Optional<Quote> quote(Target target, ProviderCall call) {
      return Optional.of(new Quote(PRICE, 10_000, 200));
    }

    @Override
    public void exceeded(Target target, Quote quote, Usage usage) {}
  }

  /** One life of the process, which ends at its so-many-th write, before or after it. */
  Outcome live(JsonNode task, int lastWrite, boolean written) throws InterruptedException {
    List<Checkpoint> kept = List.copyOf(journal);
    AtomicInteger writes = new AtomicInteger();
    Checkpoints checkpoints =
        new Checkpoints() {
          @Override
          public List<Checkpoint> kept() {
            return kept;
          }

          @Override
          public CompletableFuture<Void> keep(String key, JsonNode value) {
            boolean last = writes.incrementAndGet() == lastWrite;
            if (!last || written) {
              journal.add(new Checkpoint(key, Json.parse(Json.write(value))));
            }
            if (last) {
              throw new Died();
            }
            return CompletableFuture.completedFuture(null);
          }
        };
    Tool agent =
        ToolRegistry.of(AgentTool.of(gateway, tools, time), ManagerTool.of(gateway, tools, time))
            .tool(tool)
            .orElseThrow();
    ToolCall call =
        new ToolCall(
            new RunId(1),
            TenantId.LOCAL,
            StepRef.of("work"),
            1,
            "run/work",
            task,
            null,
            progress -> {},
            checkpoints);
    try {
      return agent.call(call);
    } catch (Refusal refusal) {
      // As the engine does at the step boundary.
      return Outcome.failed(refusal.problem());
    }
  }

  Outcome live(JsonNode task) throws InterruptedException {
    return live(task, Integer.MAX_VALUE, true);
  }

  static JsonNode task(String... tools) {
    var task =
        Json.object().put("role", "tester").put("goal", "to find out").put("task", "find it");
    var offered = task.putArray("tools");
    for (String tool : tools) {
      offered.add(tool);
    }
    return task;
  }

  @Override
  public void close() {
    ledger.close();
  }
}
