package dev.capstan.agents.crew;

import dev.capstan.agents.agent.ModelTool;
import dev.capstan.agents.agent.ScriptedGateway;
import dev.capstan.agents.memory.Memory;
import dev.capstan.engine.Engine;
import dev.capstan.engine.EngineLimits;
import dev.capstan.engine.EngineParts;
import dev.capstan.engine.MemoryKeys;
import dev.capstan.engine.MemoryLeases;
import dev.capstan.engine.Submission;
import dev.capstan.engine.Submitted;
import dev.capstan.engine.Watcher;
import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.journal.MemoryJournal;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.provider.ProviderCall;
import dev.capstan.plan.Effect;
import dev.capstan.plan.PlanReader;
import dev.capstan.plan.ToolSpec;
import dev.capstan.tools.ToolRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Everything that no death takes back: the journal, what models were asked, what tools did. A crew
 * lives in it on the real engine and the real gateway.
 */
final class CrewWorld implements AutoCloseable {
  private static final int PATIENCE = 60;

  final List<String> asked = new CopyOnWriteArrayList<>();
  final Map<String, Integer> done = new ConcurrentHashMap<>();
  private final MemoryJournal store = new MemoryJournal();
  private final ManualTimers time = new ManualTimers();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final String crew;
  private final String script;

  CrewWorld(String crew, String script) {
    this.crew = crew;
    this.script = script;
  }

  /** How a run ended. */
  record End(String status, String outputs) {}

  DyingJournal journal(int lastWrite, boolean written) {
    return new DyingJournal(store, lastWrite, written);
  }

  /** Lives until the run has ended or the journal's death, and then lives again. */
  End live(DyingJournal first) throws Exception {
    CompletableFuture<Submitted> submitted;
    try (ScriptedGateway models = gateway(first)) {
      Engine engine = engine(first, models, 1);
      submitted = engine.submit(submission(models));
      CompletableFuture<Object> over =
          CompletableFuture.anyOf(
              first.death(), submitted.thenCompose(accepted -> engine.end(run(accepted))));
      over.get(PATIENCE, TimeUnit.SECONDS);
      if (!first.death().isDone()) {
        return end(engine, run(submitted.join()));
      }
    }
    DyingJournal second = journal(Integer.MAX_VALUE, true);
    try (ScriptedGateway models = gateway(second)) {
      Engine engine = engine(second, models, 2);
      RunId run =
          store.runs().isEmpty()
              ? run(engine.submit(submission(models)).get(PATIENCE, TimeUnit.SECONDS))
              : store.runs().getFirst();
      engine.end(run).get(PATIENCE, TimeUnit.SECONDS);
      return end(engine, run);
    }
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

  private Engine engine(DyingJournal journal, ScriptedGateway models, long worker) {
    return Engine.start(
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
  }

  private ScriptedGateway gateway(DyingJournal journal) {
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

  private ToolRegistry tools(ScriptedGateway models, @Nullable DyingJournal journal) {
    ToolSpec spec = new ToolSpec("act", "acts", Json.object(), Json.object(), Effect.IDEMPOTENT);
    Tool act =
        new Tool() {
          @Override
          public ToolSpec spec() {
            return spec;
          }

          @Override
          public Outcome call(ToolCall call) {
            if (journal != null) {
              restInPeace(journal);
            }
            // A run that was never written is submitted again, and has another id.
            String key = call.idempotencyKey().substring(call.run().toString().length());
            done.merge(key + Json.write(call.input()), 1, Integer::sum);
            return Outcome.completed(Json.object().put("done", call.input().path("n").asInt()));
          }
        };
    ToolRegistry plain = ToolRegistry.of(act);
    return plain.with(ModelTool.all(models.gateway(), plain, Memory.NONE, time));
  }

  /** The threads of a dead process do nothing any more. */
  private static void restInPeace(DyingJournal journal) {
    if (journal.death().isDone()) {
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
