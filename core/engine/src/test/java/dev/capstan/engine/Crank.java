package dev.capstan.engine;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.engine.step.Toolbox;
import dev.capstan.journal.EventCodec;
import dev.capstan.journal.Journal;
import dev.capstan.journal.MemoryJournal;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.plan.Effect;
import dev.capstan.plan.Plan;
import dev.capstan.plan.ToolSpec;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * An engine that is turned by hand: nothing happens but in {@link #turn}, and time moves only when
 * told.
 */
final class Crank implements AutoCloseable {
  final ManualTimers time;
  final MemoryJournal store;
  final Map<String, Tool> tools = new TreeMap<>();
  final Deque<Runnable> tasks = new ArrayDeque<>();
  final Engine engine;
  final Toolbox toolbox;
  private final @Nullable SlowDisk disk;

  Crank(Map<String, Tool> tools) {
    this(tools, Life.fresh(), EngineLimits.defaults());
  }

  /**
   * One life of a process over a journal that outlives it.
   *
   * @param journal how this process sees the store
   */
  record Life(MemoryJournal store, Journal journal, ManualTimers time, long worker) {
    static Life fresh() {
      MemoryJournal store = new MemoryJournal();
      return new Life(store, store, new ManualTimers(), 1);
    }

    /** The same, with writes that take longer than everything else. */
    Life slowly() {
      return new Life(store, new SlowDisk(journal), time, worker);
    }
  }

  Crank(Map<String, Tool> tools, Life life, EngineLimits limits) {
    this(_ -> tools, life, limits);
  }

  /** With tools that turn the crank themselves, to see what they keep become durable. */
  Crank(Function<Crank, Map<String, Tool>> tools, Life life, EngineLimits limits) {
    this.time = life.time();
    this.store = life.store();
    this.disk = life.journal() instanceof SlowDisk slow ? slow : null;
    this.tools.putAll(tools.apply(this));
    this.toolbox =
        new Toolbox() {
          @Override
          public Optional<Tool> tool(String name) {
            return Optional.ofNullable(Crank.this.tools.get(name));
          }

          @Override
          public Optional<ToolSpec> spec(String name) {
            return tool(name).map(Tool::spec);
          }

          @Override
          public List<ToolSpec> specs() {
            return Crank.this.tools.values().stream().map(Tool::spec).toList();
          }
        };
    this.engine =
        Engine.start(
            new EngineParts(
                life.journal(),
                new MemoryLeases(store, life.worker()),
                new MemoryKeys(),
                toolbox,
                time,
                time,
                tasks::addLast,
                new Watcher() {
                  @Override
                  public void loopDefect(RunId run, Throwable defect) {
                    throw new AssertionError("the loop broke in " + run, defect);
                  }
                },
                life.worker()),
            limits);
    turn();
  }

  static Tool tool(String name, Effect effect, Function<ToolCall, Outcome> work) {
    ToolSpec spec = new ToolSpec(name, name, Json.object(), Json.object(), effect);
    return new Tool() {
      @Override
      public ToolSpec spec() {
        return spec;
      }

      @Override
      public Outcome call(ToolCall call) {
        return work.apply(call);
      }
    };
  }

  static Tool echo() {
    return tool("echo", Effect.PURE, call -> Outcome.completed(call.input()));
  }

  /** Does whatever can be done without time passing. */
  void turn() {
    boolean more = true;
    while (more) {
      more = step();
    }
  }

  /** One task, or, when there is none, one write to a slow disk. False when there is neither. */
  boolean step() {
    Runnable task = tasks.poll();
    if (task == null) {
      return disk != null && disk.write();
    }
    task.run();
    return true;
  }

  void advance(Duration by) {
    time.advance(by, this::turn);
  }

  RunId submit(Plan plan) {
    return submit(plan, Json.object());
  }

  RunId submit(Plan plan, ObjectNode inputs) {
    var answer = engine.submit(Submission.of(plan, inputs));
    turn();
    return ((Submitted.Accepted) answer.join()).run();
  }

  Told tell(RunId run, Command command) {
    var answer = engine.tell(TenantId.LOCAL, run, command);
    turn();
    return answer.join();
  }

  /** Sends a command without waiting for an answer, which may never come when the owner dies. */
  void command(RunId run, Command command) {
    var _ = engine.tell(TenantId.LOCAL, run, command);
    turn();
  }

  List<Standing> why(RunId run) {
    var answer = engine.why(run);
    turn();
    return answer.join();
  }

  List<Recorded> journal(RunId run) {
    return store.read(run, 0, Integer.MAX_VALUE);
  }

  /** The wire names of the run's events. */
  List<String> story(RunId run) {
    return journal(run).stream()
        .map(Recorded::event)
        .map(event ->
            EventCodec.wireName(event)
                + (event instanceof RunEvent.OfStep step ? ":" + step.step() : ""))
        .toList();
  }

  RunState state(RunId run) {
    return engine.state(run);
  }

  @Override
  public void close() {
    tasks.clear();
  }
}
