package dev.capstan.server.rehearsal;

import dev.capstan.agents.replay.Tape;
import dev.capstan.engine.Command;
import dev.capstan.engine.Engine;
import dev.capstan.engine.EngineLimits;
import dev.capstan.engine.EngineParts;
import dev.capstan.engine.MemoryKeys;
import dev.capstan.engine.MemoryLeases;
import dev.capstan.engine.Watcher;
import dev.capstan.journal.Attachment;
import dev.capstan.journal.Awaited;
import dev.capstan.journal.MemoryJournal;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepState;
import dev.capstan.journal.StepStatus;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.plan.Plan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Runs a plan on the real engine, in memory, against a recording: models and tools answer what they
 * answered, people say what they said, and waiting takes no time.
 */
public final class Rehearsal {
  private static final long WORKER = 1;
  private static final Duration LONGEST_WORK = Duration.ofMinutes(2);

  /** Each holds all of a run in memory, and works as hard as the machine lets it. */
  private static final int AT_ONCE = 4;

  private static final Duration LONGEST_QUEUE = Duration.ofSeconds(20);
  private static final Semaphore STAGES = new Semaphore(AT_ONCE, true);

  private final Script script;
  private final MemoryJournal journal = new MemoryJournal();
  private final Stage stage;
  private final Tape tape;
  private final Places places;
  private final List<Script.Approval> approvals;
  private final List<Script.Signal> signals;

  private Rehearsal(Script script) {
    this.script = script;
    this.stage = new Stage(script.at());
    this.tape = new Tape(script.recording());
    this.places = new Places(journal, script.id());
    this.approvals = new ArrayList<>(script.given().approvals());
    this.signals = new ArrayList<>(script.given().signals());
  }

  /**
   * Goes through it, to its end or to where nothing moves. Throws a {@link
   * dev.capstan.kernel.Refusal} of {@code too_many_requests} while too many others do.
   */
  public static Rehearsed of(Script script) throws InterruptedException {
    if (!STAGES.tryAcquire(LONGEST_QUEUE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw Problem.of(
              ProblemCode.TOO_MANY_REQUESTS,
              AT_ONCE + " runs are being run again from their recordings; wait for one of them")
          .refusal();
    }
    try {
      return new Rehearsal(script).play();
    } finally {
      STAGES.release();
    }
  }

  private Rehearsed play() throws InterruptedException {
    EngineParts parts =
        new EngineParts(
            journal,
            new MemoryLeases(journal, WORKER),
            new MemoryKeys(),
            Props.of(tape, places::of, stage),
            stage,
            stage,
            stage,
            Watcher.NONE,
            script.id().value());
    try (Engine engine = Engine.start(parts, EngineLimits.defaults())) {
      var _ =
          engine.importRun(
              script.id(), opening(script.plan()), List.of(Attachment.of(script.plan())));
      int standstill = 0;
      long length = 0;
      while (standstill < 3) {
        if (!stage.awaitIdle(LONGEST_WORK)) {
          return ended(
              engine, "it is at work for longer than " + LONGEST_WORK.toMinutes() + " min");
        }
        if (engine.state(script.id()).terminal() != null) {
          return ended(engine, null);
        }
        standstill = length() == length ? standstill + 1 : 0;
        length = length();
        List<RunState> open = open(engine);
        if (!tell(engine, open) && !wake(open)) {
          return ended(engine, standing(open));
        }
      }
      return ended(engine, standing(open(engine)));
    }
  }

  private List<RunEvent> opening(Plan plan) {
    return List.of(
        new RunEvent.RunCreated(
            script.tenant(), WORKER, script.prompt(), script.inputs(), 0, null, null, null),
        new RunEvent.PlanGenerated(
            Attachment.of(plan).hash(), "recorded", plan.header().name(), plan.steps().size()),
        new RunEvent.ExecutionStart());
  }

  private Rehearsed ended(Engine engine, @Nullable String stuck) {
    return new Rehearsed(
        engine.state(script.id()),
        journal.read(script.id(), 0, Integer.MAX_VALUE),
        tape.played(),
        tape.misses(),
        stuck);
  }

  private long length() {
    return journal.runs().stream()
        .mapToLong(run -> journal.read(run, 0, Integer.MAX_VALUE).size())
        .sum();
  }

  private List<RunState> open(Engine engine) {
    return journal.runs().stream().filter(this::isOpen).map(engine::state).toList();
  }

  private boolean isOpen(RunId run) {
    List<Recorded> events = journal.read(run, 0, Integer.MAX_VALUE);
    return !events.isEmpty() && !(events.getLast().event() instanceof RunEvent.Terminal);
  }

  /** Tells a run what was told to it when it was recorded, once it waits for that. */
  private boolean tell(Engine engine, List<RunState> open) {
    for (RunState run : open) {
      for (StepState step : waiting(run).toList()) {
        Optional<Command> command =
            switch (step.awaited()) {
              case Awaited.Approval _ -> approval(run, step);
              case Awaited.Signal signal -> signal(run, signal.name());
              case null, default -> Optional.empty();
            };
        if (command.isPresent()) {
          var _ = engine.tell(run.tenant(), run.run(), command.get());
          return true;
        }
      }
    }
    return false;
  }

  private static Stream<StepState> waiting(RunState run) {
    return run.steps().stream()
        .flatMap(step -> Stream.concat(Stream.of(step), step.items().stream()))
        .filter(step -> step.status() == StepStatus.WAITING);
  }

  private Optional<Command> approval(RunState run, StepState step) {
    String where = places.of(run.run()) + step.ref();
    Optional<Script.Approval> given =
        approvals.stream().filter(approval -> approval.step().equals(where)).findFirst();
    given.ifPresent(approvals::remove);
    return given.map(
        said -> new Command.Approve(step.ref(), said.approved(), said.by(), said.comment()));
  }

  private Optional<Command> signal(RunState run, String name) {
    String place = places.of(run.run());
    Optional<Script.Signal> given =
        signals.stream()
            .filter(signal -> signal.name().equals(name) && signal.place().equals(place))
            .findFirst();
    given.ifPresent(signals::remove);
    return given.map(said -> new Command.Signal(said.name(), said.payload(), said.by()));
  }

  /** Jumps to when something is next due; false when nothing will be. */
  private boolean wake(List<RunState> open) {
    Optional<Instant> due =
        open.stream()
            .flatMap(run -> Optional.ofNullable(run.nextDue()).stream())
            .min(Instant::compareTo);
    due.ifPresent(stage::advanceTo);
    return due.isPresent();
  }

  private String standing(List<RunState> open) {
    List<String> waits =
        open.stream()
            .flatMap(run ->
                waiting(run)
                    .filter(step -> !(step.awaited() instanceof Awaited.Child))
                    .map(step -> places.of(run.run()) + step.ref() + " " + wait(step)))
            .limit(5)
            .toList();
    return waits.isEmpty() ? "nothing in it moves" : "step " + String.join(", step ", waits);
  }

  private static String wait(StepState step) {
    return switch (step.awaited()) {
      case Awaited.Approval approval ->
          "waits for an approval that nobody recorded (" + approval.message() + ")";
      case Awaited.Signal signal ->
          "waits for the signal " + signal.name() + ", which nobody recorded";
      case null, default -> "waits";
    };
  }
}
