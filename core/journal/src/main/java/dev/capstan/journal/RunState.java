package dev.capstan.journal;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.plan.Plan;
import dev.capstan.plan.Scope;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a run is, folded from its events: {@code state = fold(events)}. Every event is applied in
 * time proportional to what it changes, so that a run of 10,000 steps folds in milliseconds.
 * Besides what the journal says it carries the marks of what its owner has handed out ({@link
 * #handOut}); a claim by another owner forgets them. Not thread-safe.
 */
public final class RunState {
  private final RunId run;
  private final Function<String, Plan> plans;

  private int seq;
  private @Nullable Instant createdAt;
  private @Nullable Instant startedAt;
  private @Nullable Instant endedAt;
  private @Nullable Instant pausedAt;
  private RunEvent.@Nullable RunCreated created;
  private RunEvent.@Nullable PlanGenerated generated;
  private @Nullable Plan plan;
  private @Nullable Board board;
  private RunEvent.@Nullable RunPaused paused;
  private @Nullable Ending ending;
  private @Nullable List<StepState> undoing;
  private RunEvent.@Nullable Terminal terminal;
  private long owner;

  /**
   * A run of which nothing has happened yet.
   *
   * @param plans finds a plan by its hash; see {@link Plans#plan}
   */
  public RunState(RunId run, Function<String, Plan> plans) {
    this.run = run;
    this.plans = plans;
  }

  /** Folds these events. They must begin at 1 and have no gaps. */
  public static RunState fold(RunId run, Iterable<Recorded> events, Function<String, Plan> plans) {
    RunState state = new RunState(run, plans);
    events.forEach(state::apply);
    return state;
  }

  /** Applies the next event. Throws {@link IllegalStateException} when it cannot be the next. */
  public void apply(Recorded recorded) {
    if (recorded.seq() != seq + 1 || terminal != null) {
      String where = run + " is at " + seq + (terminal == null ? "" : " and ended");
      throw new IllegalStateException(where + ", not before " + recorded.seq());
    }
    seq = recorded.seq();
    apply(recorded.event(), recorded.at());
  }

  private void apply(RunEvent event, Instant at) {
    switch (event) {
      case RunEvent.RunCreated e -> {
        created = e;
        createdAt = at;
        owner = e.owner();
      }
      case RunEvent.PlanGenerated e -> {
        generated = e;
        plan = plans.apply(e.plan());
        board = new Board(plan(), at);
      }
      case RunEvent.ExecutionStart _ -> {
        startedAt = at;
        board().start(at);
      }
      case RunEvent.RunClaimed e -> {
        owner = e.owner();
        board().forgetHandedOut();
      }
      case RunEvent.OfStep e -> apply(e, state(e.step()), at);
      case RunEvent.SignalReceived e -> board().signal(e.name(), e.payload(), at);
      case RunEvent.RunPaused e -> {
        paused = e;
        pausedAt = at;
      }
      case RunEvent.RunResumed _ -> {
        paused = null;
        pausedAt = null;
      }
      case RunEvent.CancelRequested e -> end(new Ending.Cancelling(e.by(), e.reason()));
      case RunEvent.DeadlinePassed _ ->
          end(
              Ending.Failing.of(
                  ProblemCode.DEADLINE_PASSED, "the run took longer than its deadline allows"));
      case RunEvent.OutputsFailed e -> end(new Ending.Failing(null, e.failure()));
      case RunEvent.CompensationStarted e -> {
        undoing = e.steps().stream().map(this::state).toList();
        undoing.forEach(step -> step.undo = StepState.Undo.DUE);
      }
      case RunEvent.Terminal e -> {
        terminal = e;
        endedAt = at;
        board().stop();
      }
    }
  }

  private void apply(RunEvent.OfStep event, StepState step, Instant at) {
    switch (event) {
      case RunEvent.StepStarted e -> {
        step.attempt = e.attempt();
        step.once = true;
        step.startedAt = at;
      }
      case RunEvent.StepCheckpointed e -> step.keep(new Checkpoint(e.key(), e.value()));
      case RunEvent.StepCompleted e -> {
        step.attempt = e.attempt();
        step.startedAt = e.startedAt();
        board().resolve(step, StepStatus.COMPLETED, e.output(), at);
      }
      case RunEvent.StepFailed e -> fail(step, e, at);
      case RunEvent.StepCancelled _ -> board().resolve(step, StepStatus.CANCELLED, null, at);
      case RunEvent.StepSkipped e -> {
        step.broken =
            e.reason() == RunEvent.SkipReason.UPSTREAM_FAILED
                ? Math.max(1, step.broken)
                : step.broken;
        board().resolve(step, StepStatus.SKIPPED, null, at);
      }
      case RunEvent.StepExpanded e -> board().expand(step, e.items(), at);
      case RunEvent.StepWaiting e -> board().await(step, e.awaited(), at);
      case RunEvent.StepUnknown _ when undoing != null ->
          board().undone(step, StepState.Undo.UNKNOWN, null);
      case RunEvent.StepUnknown e -> board().lose(step, e, at);
      case RunEvent.StepResolved e when undoing != null ->
          board().undone(step, StepState.Undo.after(e.resolution()), null);
      case RunEvent.StepResolved e -> decide(step, e, at);
      case RunEvent.ApprovalGiven e -> approve(step, e, at);
      case RunEvent.CompensationAttempted e -> {
        step.undoAttempt = e.attempt();
        step.undoOnce = true;
      }
      case RunEvent.StepCompensated e -> {
        step.undoAttempt = e.attempt();
        board().undone(step, StepState.Undo.DONE, null);
      }
      case RunEvent.CompensationFailed e -> {
        step.undoAttempt = e.attempt();
        step.undoFailure = e.failure();
        boolean again = e.retryAt() != null;
        board().undone(step, again ? StepState.Undo.DUE : StepState.Undo.GIVEN_UP, e.retryAt());
      }
    }
  }

  private void fail(StepState step, RunEvent.StepFailed event, Instant at) {
    step.attempt = event.attempt();
    step.failure = event.failure();
    Instant retryAt = event.retryAt();
    if (retryAt != null) {
      board().retry(step, retryAt, at);
      return;
    }
    if (!plan().header().allowPartialCompletion()) {
      end(new Ending.Failing(step.ref(), event.failure()));
    }
    board().resolve(step, StepStatus.FAILED, null, at);
  }

  private void approve(StepState step, RunEvent.ApprovalGiven event, Instant at) {
    if (event.approved()) {
      board().resolve(step, StepStatus.COMPLETED, event.answer(), at);
    } else {
      String said = event.comment() == null ? "" : ": " + event.comment();
      failNow(step, Failure.of(ProblemCode.REJECTED, event.by() + " rejected it" + said), at);
    }
  }

  private void decide(StepState step, RunEvent.StepResolved event, Instant at) {
    board().settle(step);
    switch (step.hears(event) ? RunEvent.Resolution.RETRY : event.resolution()) {
      case RETRY -> board().release(step, at);
      case COMPLETE -> {
        JsonNode output = event.output() == null ? Json.nothing() : event.output();
        board().resolve(step, StepStatus.COMPLETED, output, at);
      }
      case SKIP -> board().resolve(step, StepStatus.SKIPPED, null, at);
      case FAIL ->
          failNow(
              step,
              Failure.of(
                  ProblemCode.OUTCOME_UNKNOWN,
                  event.by() + " counted the unknown outcome as a failure"),
              at);
    }
  }

  private void failNow(StepState step, Failure failure, Instant at) {
    fail(step, new RunEvent.StepFailed(step.ref(), Math.max(1, step.attempt), failure, null), at);
  }

  private void end(Ending why) {
    if (ending == null) {
      ending = why;
      if (board != null) {
        board.stop();
      }
    }
  }

  /** Notes that the owner has handed out an attempt at this step, or at undoing it. */
  public void handOut(StepState step, int attempt) {
    if (undoing == null) {
      board().handOut(step, attempt);
    } else {
      board().handOutUndo(step, attempt);
    }
  }

  public RunId run() {
    return run;
  }

  /** The place of the last event applied; 0 before the first. */
  public int seq() {
    return seq;
  }

  private <T> T known(@Nullable T value, String event) {
    if (value == null) {
      throw new IllegalStateException(run + " has no " + event);
    }
    return value;
  }

  /** What {@code run_created} said. Throws {@link IllegalStateException} before it. */
  public RunEvent.RunCreated created() {
    return known(created, "run_created");
  }

  /** What {@code plan_generated} said. Throws {@link IllegalStateException} before it. */
  public RunEvent.PlanGenerated generated() {
    return known(generated, "plan_generated");
  }

  public Instant createdAt() {
    return known(createdAt, "run_created");
  }

  /** The plan. Throws {@link IllegalStateException} before {@code plan_generated}. */
  public Plan plan() {
    return known(plan, "plan_generated");
  }

  private Board board() {
    return known(board, "plan_generated");
  }

  public boolean hasPlan() {
    return plan != null;
  }

  public TenantId tenant() {
    return created().tenant();
  }

  public JsonNode inputs() {
    return created().inputs();
  }

  /** The worker that owns it, as far as the journal knows. */
  public long owner() {
    return owner;
  }

  public @Nullable Instant startedAt() {
    return startedAt;
  }

  public @Nullable Instant endedAt() {
    return endedAt;
  }

  public RunEvent.@Nullable RunPaused paused() {
    return paused;
  }

  public @Nullable Instant pausedAt() {
    return pausedAt;
  }

  /** Why it will not complete, when it will not. */
  public @Nullable Ending ending() {
    return ending;
  }

  /** What is being undone, in order; null before compensation has started. */
  public @Nullable List<StepState> undoing() {
    return undoing;
  }

  public RunEvent.@Nullable Terminal terminal() {
    return terminal;
  }

  /** Every step, in the plan's order. */
  public List<StepState> steps() {
    return Collections.unmodifiableList(Arrays.asList(board().steps()));
  }

  public StepState step(String id) {
    return board().steps()[plan().indexOf(id)];
  }

  public boolean has(StepRef ref) {
    return board().has(ref);
  }

  /** The step or item. Throws {@link IllegalStateException} when there is none. */
  public StepState state(StepRef ref) {
    return board().state(ref);
  }

  /** What may start, best first. */
  public Collection<StepState> ready() {
    return board().frontier().ready();
  }

  /** Whatever has become due: retries, waits that end, compensations to try again. */
  public List<StepState> dueBy(Instant now) {
    return board().frontier().dueBy(now);
  }

  /** When something next becomes due, the run's own deadline included; null when nothing will. */
  public @Nullable Instant nextDue() {
    Instant due = paused != null && ending == null ? null : board().frontier().nextDue();
    Instant deadline = ending == null && terminal == null ? deadline() : null;
    if (due == null || deadline == null) {
      return due == null ? deadline : due;
    }
    return due.isBefore(deadline) ? due : deadline;
  }

  /** When the run must have ended; null when it may take for ever. */
  public @Nullable Instant deadline() {
    return startedAt == null || plan().header().deadline() == null
        ? null
        : startedAt.plus(plan().header().deadline());
  }

  /** How many attempts are handed out. */
  public int underWay() {
    return board == null ? 0 : board.underWay();
  }

  /** How many steps and items wait for a time, a person, a signal or a sub-run. */
  public int waiting() {
    return board == null ? 0 : board.waiting();
  }

  /** How many steps have not ended. */
  public int open() {
    return board().open();
  }

  /** Completed steps and items that name a compensation, in the order in which they completed. */
  public List<StepState> undoable() {
    return board == null ? List.of() : Collections.unmodifiableList(board.undoable());
  }

  /** What expressions of this step (or item) see now. */
  public Scope scope(@Nullable StepState step) {
    return StateScope.of(this, step);
  }

  /** What a loop's inputs and guard see. */
  public Scope roundScope(StepState step, int iteration, @Nullable JsonNode last) {
    return StateScope.ofRound(this, step, iteration, last);
  }

  /** The list that a {@code foreach} step runs over. Throws a refusal when it is none. */
  public List<JsonNode> itemValues(StepState whole) {
    return StateScope.items(this, whole);
  }

  public RunStatus status() {
    return RunStatus.of(this, board);
  }
}
