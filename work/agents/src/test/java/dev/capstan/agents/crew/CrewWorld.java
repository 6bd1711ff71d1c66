package dev.capstan.agents.crew;

import dev.capstan.agents.agent.ModelTool;
import dev.capstan.agents.agent.ScriptedGateway;
import dev.capstan.agents.memory.Memory;
import dev.capstan.engine.Command;
import dev.capstan.engine.Engine;
import dev.capstan.engine.EngineLimits;
import dev.capstan.engine.EngineParts;
import dev.capstan.engine.MemoryKeys;
import dev.capstan.engine.MemoryLeases;
import dev.capstan.engine.Submission;
import dev.capstan.engine.Submitted;
import dev.capstan.engine.Watcher;
import dev.capstan.engine.step.Tool;
import dev.capstan.journal.MemoryJournal;
import dev.capstan.journal.MortalJournal;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.plan.Effect;
import dev.capstan.plan.PlanReader;
import dev.capstan.plan.ToolSpec;
import dev.capstan.tools.ToolRegistry;
import dev.capstan.tools.Tools;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Everything that no death takes back: the journal, what models were asked, what tools did. A crew
 * lives in it on the real engine and the real gateway.
 */
final class CrewWorld implements AutoCloseable {
  private static final int PATIENCE = 60;

  final List<String> asked = new CopyOnWriteArrayList<>();
  final Map<String, Integer> done = new ConcurrentHashMap<>();
  final List<RunEvent.Resolution> said = new CopyOnWriteArrayList<>();
  private final Map<StepRef, RunEvent.StepUnknown> pending = new ConcurrentHashMap<>();
  private volatile CompletableFuture<Engine> alive = new CompletableFuture<>();
  private final MemoryJournal store = new MemoryJournal();
  private final ManualTimers time = new ManualTimers();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String crew;
  private final String script;

  CrewWorld(String crew, String script) {
    this.crew = crew;
    this.script = script;
    store.follow(events -> events.forEach(this::look));
  }

  /** A person who looks whenever they are asked, and says what is true. */
  private void look(Recorded recorded) {
    switch (recorded.event()) {
      case RunEvent.StepUnknown unknown -> {
        pending.put(unknown.step(), unknown);
        tell(recorded.run());
      }
      case RunEvent.RunClaimed _ -> tell(recorded.run());
      case RunEvent.StepResolved answer -> {
        pending.remove(answer.step());
        said.add(answer.resolution());
      }
      default -> {
        // Nobody asks.
      }
    }
  }

  private void tell(RunId run) {
    for (RunEvent.StepUnknown unknown : pending.values()) {
      String call = Objects.requireNonNull(unknown.question()).call();
      String input = call.substring(call.indexOf('{'));
      boolean happened = done.keySet().stream().anyMatch(key -> key.endsWith(input));
      Command.Resolve answer =
          new Command.Resolve(
              unknown.step(),
              happened ? RunEvent.Resolution.COMPLETE : RunEvent.Resolution.RETRY,
              happened ? answer(Json.parse(input)) : null,
              "ada");
      var _ = alive.thenCompose(engine -> engine.tell(TenantId.LOCAL, run, answer));
    }
  }

  private static JsonNode answer(JsonNode input) {
    return Json.object().put("done", input.path("n").asInt());
  }

  /** How a run ended. */
  record End(String status, String outputs) {}

  MortalJournal journal(int lastWrite, boolean written) {
    return new MortalJournal(store, lastWrite, written);
  }

  /** Lives until the run has ended or each of these journals has died, and then once more. */
  End live(MortalJournal... mortal) throws Exception {
    List<MortalJournal> lives = new ArrayList<>(List.of(mortal));
    lives.add(journal(Integer.MAX_VALUE, true));
    long worker = 1;
    for (MortalJournal journal : lives) {
      try (ScriptedGateway models = gateway(journal)) {
        Engine engine = engine(journal, models, worker++);
        CompletableFuture<RunId> run = run(engine, models);
        CompletableFuture.anyOf(journal.death(), run.thenCompose(engine::end))
            .get(PATIENCE, TimeUnit.SECONDS);
        if (!journal.isDead()) {
          return end(engine, run.join());
        }
      }
    }
    throw new AssertionError("the last life has no end");
  }

  private CompletableFuture<RunId> run(Engine engine, ScriptedGateway models) {
    return store.runs().isEmpty()
        ? engine.submit(submission(models)).thenApply(CrewWorld::run)
        : CompletableFuture.completedFuture(store.runs().getFirst());
  }

  private static RunId run(Submitted submitted) {
    return ((Submitted.Accepted) submitted).run();
  }

  private static End end(Engine engine, RunId run) {
    RunState state = engine.state(run);
    return new End(state.status().toString(), String.valueOf(state.terminal()));
  }

  private Submission submission(ScriptedGateway models) {
    CrewReader reader = new CrewReader(tools(models, null), models.gateway().models());
    return switch (reader.read(crew)) {
      case PlanReader.Read.Valid valid -> Submission.of(valid.plan(), Json.object());
      case PlanReader.Read.Invalid invalid ->
          throw new AssertionError(invalid.mistakes().toString());
    };
  }

  private Engine engine(MortalJournal journal, ScriptedGateway models, long worker) {
    alive = new CompletableFuture<>();
    Engine engine =
        Engine.start(
            new EngineParts(
                journal,
                new MemoryLeases(store, worker),
                new MemoryKeys(),
                tools(models, journal),
                time,
                time,
                threads,
                new Watcher() {
                  @Override
                  public void loopDefect(RunId run, Throwable defect) {
                    throw new AssertionError("the loop broke in " + run, defect);
                  }
                },
                worker),
            EngineLimits.defaults());
    alive.complete(engine);
    return engine;
  }

  private ScriptedGateway gateway(MortalJournal journal) {
    return new ScriptedGateway(
        script,
        time,
        call -> {
          restInPeace(journal);
          asked.add(question(call));
        });
  }

  /** Who is asked, and how far the conversation is. */
  private static String question(ProviderCall call) {
    String who = ((Message.Instructions) call.messages().getFirst()).text();
    return who.substring(0, who.indexOf('\n')) + call.messages().size();
  }

  private ToolRegistry tools(ScriptedGateway models, @Nullable MortalJournal journal) {
    ToolRegistry plain =
        ToolRegistry.of(act("act", Effect.IDEMPOTENT, journal), act("pay", Effect.ONCE, journal));
    return plain.with(ModelTool.all(models.gateway(), plain, Memory.NONE, time));
  }

  private Tool act(String name, Effect effect, @Nullable MortalJournal journal) {
    ToolSpec spec = new ToolSpec(name, "acts", Json.object(), Json.object(), effect);
    return Tools.of(
        spec,
        call -> {
          if (journal != null) {
            restInPeace(journal);
          }
          // A run that was never written is submitted again, and has another id.
          String key = call.idempotencyKey().substring(call.run().toString().length());
          done.merge(key + Json.write(call.input()), 1, Integer::sum);
          return answer(call.input());
        });
  }

  /** The threads of a dead process do nothing any more. */
  private static void restInPeace(MortalJournal journal) {
    if (journal.isDead()) {
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException buried) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
