package dev.capstan.engine;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.kernel.Blame;
import dev.capstan.kernel.Breaker;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.time.Timers;
import dev.capstan.plan.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One attempt at a step: waits for a step slot, passes the tool's breaker, runs on a virtual thread
 * of its own under its time-out and heartbeat, and reports once. This is the step boundary:
 * whatever a tool throws ends here as an outcome.
 */
final class Attempt implements Runnable {
  private final LiveRun run;
  private final Shared shared;
  private final Work.Attempt work;
  private final Step step;
  private final Instant requestedAt;
  private final AtomicBoolean reported = new AtomicBoolean();

  private FairSlots.@Nullable Ticket ticket;
  private Timers.@Nullable Alarm timeout;
  private Timers.@Nullable Alarm silence;
  private @Nullable Thread thread;
  private volatile @Nullable Instant startedAt;
  private volatile @Nullable Instant lastBeat;
  private volatile @Nullable JsonNode progress;
  private volatile boolean interrupted;

  Attempt(LiveRun run, Shared shared, Work.Attempt work, Step step) {
    this.run = run;
    this.shared = shared;
    this.work = work;
    this.step = step;
    this.requestedAt = shared.now();
  }

  /**
   * Asks for a slot; in a process that is stopping it never runs, and whoever claims the run
   * attempts it.
   */
  void start() {
    if (shared.runs().isClosing()) {
      return;
    }
    FairSlots.Ticket asked =
        shared
            .stepSlots()
            .request(run.tenant(), step.priority(), () -> shared.executor().execute(this));
    synchronized (this) {
      ticket = asked;
    }
  }

  @Override
  public void run() {
    Instant now = shared.now();
    if (begin(now)) {
      Breaker breaker = shared.breakers().of(work.tool());
      if (breaker.permits(now)) {
        Outcome outcome = call(now);
        tell(breaker, outcome);
        if (!isCutShort(outcome)) {
          report(outcome, null);
        }
      } else {
        refuse(breaker);
      }
    }
    finish();
  }

  /**
   * Interrupted because this process stops, not because anybody gave the attempt up: it has not
   * failed, and whoever claims the run makes it again.
   */
  private boolean isCutShort(Outcome outcome) {
    return !interrupted
        && shared.runs().isClosing()
        && outcome instanceof Outcome.Failed failed
        && failed.problem().code() == ProblemCode.CANCELLED;
  }

  private synchronized boolean begin(Instant now) {
    if (reported.get()) {
      return false;
    }
    thread = Thread.currentThread();
    startedAt = now;
    Duration limit = work.undo() ? null : step.timeout();
    if (limit != null) {
      timeout =
          shared
              .timers()
              .at(
                  now.plus(limit),
                  () -> giveUp(ProblemCode.TIMED_OUT, "the attempt took longer than " + limit));
    }
    watch(now);
    return true;
  }

  private void watch(Instant from) {
    Duration heartbeat = work.undo() ? null : step.heartbeat();
    if (heartbeat != null && !reported.get()) {
      silence = shared.timers().at(from.plus(heartbeat), () -> checkSilence(heartbeat));
    }
  }

  private synchronized void checkSilence(Duration heartbeat) {
    Instant beat = lastBeat;
    Instant since = beat == null ? begunAt() : beat;
    if (since.plus(heartbeat).isAfter(shared.now())) {
      watch(since);
    } else {
      giveUp(ProblemCode.HEARTBEAT_LOST, "the attempt showed no life for " + heartbeat);
    }
  }

  private Instant begunAt() {
    Instant begun = startedAt;
    return begun == null ? requestedAt : begun;
  }

  private Outcome call(Instant now) {
    Tool tool = shared.tools().tool(work.tool()).orElse(null);
    if (tool == null) {
      return Outcome.failed(
          ProblemCode.NOT_FOUND, "this process has no tool '" + work.tool() + "'");
    }
    Duration limit = step.timeout();
    ToolCall call =
        new ToolCall(
            run.id(),
            run.tenant(),
            work.step(),
            work.attempt(),
            run.id() + "/" + work.step() + (work.undo() ? "/undo" : ""),
            work.input(),
            limit == null || work.undo() ? null : now.plus(limit),
            this::beat,
            new Kept(run, work));
    try {
      return tool.call(call);
    } catch (Refusal refusal) {
      return Outcome.failed(refusal.problem());
    } catch (InterruptedException stopped) {
      return Outcome.failed(ProblemCode.CANCELLED, "the attempt was interrupted");
    } catch (RuntimeException | StackOverflowError defect) {
      // Only the kind is told: a message of unknown origin may hold a secret.
      shared.watcher().toolDefect(run.id(), work.step(), work.tool(), defect);
      return Outcome.failed(
          ProblemCode.TOOL_FAILED,
          "the tool '" + work.tool() + "' broke with " + defect.getClass().getSimpleName());
    }
  }

  private void beat(JsonNode news) {
    lastBeat = shared.now();
    progress = news;
    shared.watcher().progress(run.id(), work.step(), news);
  }

  private void tell(Breaker breaker, Outcome outcome) {
    switch (outcome) {
      case Outcome.Completed _ -> breaker.succeeded();
      case Outcome.Unknown _ -> breaker.left();
      case Outcome.Failed failed -> {
        boolean toolsFault =
            failed.problem().code().blame() == Blame.OUTSIDE
                || failed.problem().code().blame() == Blame.CAPSTAN;
        if (toolsFault && !interrupted && !keepsBreakers()) {
          breaker.failed(shared.now());
        } else {
          breaker.left();
        }
      }
    }
  }

  private boolean keepsBreakers() {
    return shared.tools().tool(work.tool()).filter(Tool::keepsBreakers).isPresent();
  }

  private void refuse(Breaker breaker) {
    Instant again =
        breaker.state() instanceof Breaker.State.Open open
            ? open.halfOpenAt()
            : shared.now().plusSeconds(1);
    Problem problem =
        Problem.of(
            ProblemCode.CIRCUIT_OPEN,
            "the tool '"
                + work.tool()
                + "' is temporarily unavailable: its circuit is open after repeated failures and is"
                + " tried again at "
                + again);
    report(Outcome.failed(problem), again);
  }

  private void giveUp(ProblemCode code, String detail) {
    if (report(Outcome.failed(code, detail), null)) {
      stopThread();
    }
  }

  /**
   * Stops it because the run is being stopped: at once while it waits for its slot, else by
   * interrupting the tool.
   */
  void interrupt() {
    interrupted = true;
    FairSlots.Ticket waiting;
    synchronized (this) {
      waiting = ticket;
    }
    if (waiting != null && shared.stepSlots().withdraw(waiting)) {
      report(Outcome.failed(ProblemCode.CANCELLED, "the attempt was not started"), null);
    } else {
      stopThread();
    }
  }

  private synchronized void stopThread() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  private boolean report(Outcome outcome, @Nullable Instant notBefore) {
    boolean first = reported.compareAndSet(false, true);
    if (first) {
      run.post(
          new Stimulus.Ended(
              work.step(),
              work.attempt(),
              work.undo(),
              begunAt(),
              outcome,
              interrupted,
              notBefore));
    }
    return first;
  }

  private void finish() {
    FairSlots.Ticket held;
    synchronized (this) {
      thread = null;
      callOff(timeout);
      callOff(silence);
      held = ticket;
    }
    if (held != null) {
      shared.stepSlots().release(held);
    } else {
      // The slot was free and we were faster than start() could note the ticket.
      shared.executor().execute(this::finish);
    }
  }

  private static void callOff(Timers.@Nullable Alarm alarm) {
    if (alarm != null) {
      alarm.callOff();
    }
  }

  Wait standing() {
    FairSlots.Ticket asked;
    synchronized (this) {
      asked = ticket;
    }
    int ahead = asked == null ? -1 : shared.stepSlots().ahead(asked);
    if (ahead >= 0) {
      return new Wait.StepSlot(run.tenant(), shared.stepSlots().limit(), ahead);
    }
    Duration limit = step.timeout();
    Instant deadline = limit == null || work.undo() ? null : begunAt().plus(limit);
    return new Wait.Working(work.tool(), work.attempt(), lastBeat, progress, deadline);
  }

  /** Whether what it does cannot be seen from outside. */
  boolean isPure() {
    return !work.needsDurableCause();
  }

  Instant since() {
    return begunAt();
  }
}
