package dev.capstan.engine;

import dev.capstan.journal.Awaited;
import dev.capstan.journal.Plans;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepState;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.RunIds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The runs that are in memory, by id. */
final class House implements Runs {
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final EngineParts parts;
  private final EngineLimits limits;
  private final Shared shared;
  private final ConcurrentHashMap<RunId, LiveRun> live = new ConcurrentHashMap<>();

  /** Runs whose first events are on their way to the disk. */
  private final ConcurrentHashMap<RunId, CompletableFuture<Submitted>> opening =
      new ConcurrentHashMap<>();

  private final Endings endings;
  private volatile boolean closing;

  House(EngineParts parts, EngineLimits limits, RunIds ids) {
    this.parts = parts;
    this.limits = limits;
    this.endings = new Endings(parts.journal());
    this.shared =
        new Shared(
            parts.journal(),
            new Plans(parts.journal()),
            new Decider(new Opening(parts.tools(), ids::next), new Closing(parts.tools())),
            new Reactor(ids::next),
            parts.tools(),
            new Breakers(),
            new FairSlots(limits.maxConcurrentRuns(), limits.weights()),
            new FairSlots(limits.maxConcurrentSteps(), limits.weights()),
            parts.timers(),
            parts.clock(),
            parts.executor(),
            parts.watcher(),
            this);
  }

  Shared shared() {
    return shared;
  }

  Endings endings() {
    return endings;
  }

  @Nullable LiveRun live(RunId run) {
    return live.get(run);
  }

  boolean isFull() {
    return shared.runSlots().queued() >= limits.maxQueuedRuns();
  }

  /** Brings a run into being. Its start is in the same append when there is a slot for it. */
  CompletableFuture<Submitted> create(RunId id, Opened opened) {
    CompletableFuture<Submitted> answer = new CompletableFuture<>();
    CompletableFuture<Submitted> first = opening.putIfAbsent(id, answer);
    if (first != null) {
      // Asked for twice with one key: the second is told when the first is durable, not before.
      return first.thenApply(House::again);
    }
    var _ = answer.whenComplete((_, _) -> opening.remove(id, answer));
    LiveRun run = new LiveRun(new RunState(id, shared.plans()::plan), shared);
    if (live.putIfAbsent(id, run) != null) {
      answer.complete(new Submitted.Accepted(id, false));
      return answer;
    }
    if (opened.waitsForSlot()
        && opened.events().getFirst() instanceof RunEvent.RunCreated created) {
      Grant grant = new Grant(() -> run.post(new Stimulus.Begin()));
      run.hold(shared.runSlots().request(created.tenant(), opened.priority(), grant));
      grant.settle(granted -> run.post(first(opened, granted, answer)));
    } else {
      run.post(first(opened, false, answer));
    }
    return answer;
  }

  private static Letter first(Opened opened, boolean granted, CompletableFuture<Submitted> answer) {
    List<RunEvent> events = new ArrayList<>(opened.events());
    if (granted) {
      events.add(new RunEvent.ExecutionStart());
    }
    return new Letter.Create(events, opened.attachments(), answer);
  }

  private static Submitted again(Submitted first) {
    return first instanceof Submitted.Accepted accepted
        ? new Submitted.Accepted(accepted.run(), false)
        : first;
  }

  /** Takes a run over from its journal. */
  void adopt(RunState state) {
    LiveRun run = new LiveRun(state, shared);
    if (live.putIfAbsent(state.run(), run) != null) {
      return;
    }
    if (state.startedAt() == null && state.ending() == null) {
      Grant grant = new Grant(() -> run.post(new Stimulus.Begin()));
      run.hold(shared.runSlots().request(state.tenant(), state.created().priority(), grant));
      run.post(new Stimulus.Claim(worker()));
      grant.settle(granted -> {
        if (granted) {
          run.post(new Stimulus.Begin());
        }
      });
    } else {
      run.post(new Stimulus.Claim(worker()));
    }
  }

  @Override
  public void post(RunId id, Letter letter) {
    LiveRun known = live.get(id);
    (known != null ? known : live.computeIfAbsent(id, absent -> new LiveRun(absent, shared)))
        .post(letter);
  }

  @Override
  public void left(LiveRun run) {
    live.remove(run.id(), run);
  }

  @Override
  public void ended(LiveRun run, RunState state, RunEvent.Terminal end) {
    endings.left(run.id(), end);
    RunEvent.Parent parent = state.created().parent();
    if (parent != null) {
      post(
          parent.run(),
          new Letter.Stimulate(new Stimulus.ChildEnded(parent.step(), run.id(), end), null));
    }
  }

  @Override
  public void startChild(RunState parent, StepState step, Awaited.Child child) {
    new Children(parts.journal(), shared, this).start(parent, step, child);
  }

  @Override
  public void cancelChild(RunId child, @Nullable String reason) {
    Command cancel = new Command.Cancel("parent run", reason);
    post(child, new Letter.Stimulate(new Stimulus.Commanded(cancel), new CompletableFuture<>()));
  }

  @Override
  public long worker() {
    return parts.leases().worker();
  }

  @Override
  public boolean isAbandoned(long owner) {
    return parts.leases().expiry(owner).map(expiry -> !expiry.isAfter(shared.now())).orElse(true);
  }

  @Override
  public boolean isClosing() {
    return closing;
  }

  EngineStatus status(Recovery recovery) {
    return new EngineStatus(
        worker(),
        live.size(),
        shared.runSlots().held(),
        shared.runSlots().queued(),
        shared.stepSlots().held(),
        shared.stepSlots().queued(),
        recovery.recovered(),
        recovery.isRunning(),
        parts.journal().health(),
        shared.breakers().states().entrySet().stream()
            .map(entry -> EngineStatus.Circuit.of(entry.getKey(), entry.getValue()))
            .toList());
  }

  /**
   * Starts nothing more, and waits until what is under way has ended and is written, at most the
   * grace.
   */
  void close() {
    closing = true;
    try {
      boolean idle = shared.stepSlots().awaitIdle(GRACE);
      List<LiveRun> left = List.copyOf(live.values());
      CountDownLatch written = new CountDownLatch(left.size());
      left.forEach(run -> run.post(new Letter.Ask(state -> written.countDown())));
      if (idle) {
        boolean _ = written.await(GRACE.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
