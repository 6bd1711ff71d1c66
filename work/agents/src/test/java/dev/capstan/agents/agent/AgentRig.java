package dev.capstan.agents.agent;

import dev.capstan.agents.memory.HeapMemory;
import dev.capstan.agents.memory.Memory;
import dev.capstan.agents.memory.Ranking;
import dev.capstan.agents.memory.WordsEmbedder;
import dev.capstan.engine.step.Checkpoints;
import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.journal.Checkpoint;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.llm.Gateway;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.plan.Effect;
import dev.capstan.plan.ToolSpec;
import dev.capstan.tools.ToolRegistry;
import dev.capstan.tools.Tools;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/** An agent behind the real gateway, whose model goes by a script; it may die at any write. */
final class AgentRig implements AutoCloseable {
  /** The death of the process: whatever it did after it is not known to anybody. */
  static final class Died extends Error {
    private static final long serialVersionUID = 1L;
  }

  /** Which of the tools with agents in them lives here. */
  String tool = "agent";

  private final CyclicBarrier meeting = new CyclicBarrier(2);
  final ManualTimers time = new ManualTimers();
  final List<Checkpoint> journal = new CopyOnWriteArrayList<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  Sampling sampled = Sampling.DEFAULT;
  final List<String> acted = new CopyOnWriteArrayList<>();

  /** What {@code book} did, by the keys that it was called with: it does nothing twice by one. */
  final Map<String, JsonNode> booked = new ConcurrentHashMap<>();

  final Memory memory = new HeapMemory(new WordsEmbedder(), Ranking.DEFAULT);
  private final Runnable end;
  private final Gateway gateway;
  final ToolRegistry tools;

  AgentRig(String script) {
    ScriptedGateway scripted =
        new ScriptedGateway(
            script,
            time,
            call -> {
              asked.add("after " + call.messages().size());
              sampled = call.sampling();
            });
    gateway = scripted.gateway();
    end = scripted::close;
    tools = tools();
  }

  /** An agent whose model says what it likes. */
  AgentRig(Gateway model) {
    gateway = model;
    end = () -> {};
    tools = tools();
  }

  private ToolRegistry tools() {
    return ToolRegistry.of(
        tool("act", Effect.IDEMPOTENT),
        tool("once", Effect.ONCE),
        Tools.of(spec("book", Effect.IDEMPOTENT), this::book),
        Tools.of(spec("pay", Effect.ONCE), call -> told("pay", call)),
        Tools.of(spec("meet", Effect.IDEMPOTENT), call -> meet()),
        Tools.of(
            spec("broken", Effect.PURE),
            call -> {
              throw Problem.of(ProblemCode.TOOL_FAILED, "the tool is broken").refusal();
            }));
  }

  private JsonNode book(ToolCall call) {
    return booked.computeIfAbsent(call.idempotencyKey(), key -> told("book", call));
  }

  private JsonNode told(String name, ToolCall call) {
    acted.add(name + call.input().path("n").asInt());
    return Json.object().put("n", call.input().path("n").asInt());
  }

  /** Comes back when somebody else is there too. */
  private JsonNode meet() {
    try {
      meeting.await(30, TimeUnit.SECONDS);
      return Json.text("met");
    } catch (InterruptedException | BrokenBarrierException | TimeoutException alone) {
      throw Problem.of(ProblemCode.TIMED_OUT, "nobody came").refusal();
    }
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
        ToolRegistry.of(ModelTool.all(gateway, tools, memory, time)).tool(tool).orElseThrow();
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
    end.run();
  }
}
