package dev.capstan.journal;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.plan.Foreach;
import dev.capstan.plan.Plan;
import dev.capstan.plan.Scope;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private final Frontier frontier = new Frontier();
  private final Map<String, Deque<JsonNode>> signals = new HashMap<>();
  private final List<StepState> undoable = new ArrayList<>();
  private StepState[] steps = {};

  private int seq;
  private int open;
  private int underWay;
  private int waiting;
  private int unknown;
  private @Nullable Instant createdAt;
  private @Nullable Instant startedAt;
  private @Nullable Instant endedAt;
  private @Nullable Instant pausedAt;
  private RunEvent.@Nullable RunCreated created;
  private RunEvent.@Nullable PlanGenerated generated;
  private @Nullable Plan plan;
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

  // --- applying ---

  /**
   * Applies the next event. Throws {@link IllegalStateException} when it is not the next one or the
   * run has ended.
   */
  public void apply(Recorded recorded) {
    if (recorded.seq() != seq + 1 || terminal != null) {
      throw new IllegalStateException(
          run
              + " is at "
              + seq
              + (terminal == null ? "" : " and ended")
              + ", not before "
              + recorded.seq());
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
      case RunEvent.PlanGenerated e -> lay(e, at);
      case RunEvent.ExecutionStart e -> start(at);
      case RunEvent.RunClaimed e -> claim(e);
      case RunEvent.OfStep e -> applyToStep(e, state(e.step()), at);
      case RunEvent.SignalReceived e -> signal(e, at);
      case RunEvent.RunPaused e -> {
        paused = e;
        pausedAt = at;
      }
      case RunEvent.RunResumed e -> {
        paused = null;
        pausedAt = null;
      }
      case RunEvent.CancelRequested e -> end(new Ending.Cancelling(e.by(), e.reason()));
      case RunEvent.DeadlinePassed e ->
          end(
              new Ending.Failing(
                  null,
                  Failure.of(
                      ProblemCode.DEADLINE_PASSED,
                      "the run took longer than its deadline allows")));
      case RunEvent.OutputsFailed e -> end(new Ending.Failing(null, e.failure()));
      case RunEvent.CompensationStarted e -> startUndoing(e);
      case RunEvent.Terminal e -> {
        terminal = e;
        endedAt = at;
        frontier.clear();
      }
    }
  }

  private void applyToStep(RunEvent.OfStep event, StepState step, Instant at) {
    switch (event) {
      case RunEvent.StepStarted e -> {
        step.attempt = e.attempt();
        step.once = true;
        step.startedAt = at;
      }
      case RunEvent.StepCompleted e -> {
        step.attempt = e.attempt();
        step.startedAt = e.startedAt();
        resolve(step, StepStatus.COMPLETED, e.output(), at);
      }
      case RunEvent.StepFailed e -> fail(step, e, at);
      case RunEvent.StepCancelled e -> resolve(step, StepStatus.CANCELLED, null, at);
      case RunEvent.StepSkipped e -> skip(step, e.reason(), at);
      case RunEvent.StepExpanded e -> expand(step, e.items(), at);
      case RunEvent.StepWaiting e -> await(step, e.awaited(), at);
      case RunEvent.StepUnknown e -> {
        settle(step);
        stand(step, StepStatus.UNKNOWN, at);
        unknown++;
      }
      case RunEvent.StepResolved e -> decide(step, e, at);
      case RunEvent.ApprovalGiven e -> approve(step, e, at);
      case RunEvent.CompensationAttempted e -> {
        step.undoAttempt = e.attempt();
        step.undoOnce = true;
      }
      case RunEvent.StepCompensated e -> {
        step.undoAttempt = e.attempt();
        undone(step, StepState.Undo.DONE);
      }
      case RunEvent.CompensationFailed e -> {
        step.undoAttempt = e.attempt();
        step.undoFailure = e.failure();
        undone(step, e.retryAt() == null ? StepState.Undo.GIVEN_UP : StepState.Undo.DUE);
        step.undoRetryAt = e.retryAt();
        frontier.due(e.retryAt(), step);
      }
    }
  }

  private void lay(RunEvent.PlanGenerated event, Instant at) {
    generated = event;
    Plan found = plans.apply(event.plan());
    plan = found;
    steps = new StepState[found.steps().size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = new StepState(found.step(i), StepRef.of(found.step(i).id()), i, null, at);
      steps[i].unmet = found.dependencyCount(i);
    }
    open = steps.length;
  }

  private void start(Instant at) {
    startedAt = at;
    for (StepState step : steps) {
      if (step.unmet == 0) {
        release(step, at);
      }
    }
  }

  private void release(StepState step, Instant at) {
    stand(step, StepStatus.READY, at);
    if (ending == null) {
      frontier.ready(step);
    }
  }

  private void claim(RunEvent.RunClaimed event) {
    owner = event.owner();
    underWay = 0;
    for (StepState step : steps) {
      forget(step);
      step.items().forEach(this::forget);
    }
  }

  private void forget(StepState step) {
    if (!step.underWay) {
      return;
    }
    step.underWay = false;
    if (ending != null) {
      return;
    }
    if (step.status == StepStatus.READY) {
      frontier.ready(step);
    } else if (step.status == StepStatus.RETRYING) {
      frontier.due(step.retryAt, step);
    }
  }

  private void fail(StepState step, RunEvent.StepFailed event, Instant at) {
    step.attempt = event.attempt();
    step.failure = event.failure();
    if (event.retryAt() == null) {
      if (!plan().header().allowPartialCompletion()) {
        end(new Ending.Failing(step.ref(), event.failure()));
      }
      resolve(step, StepStatus.FAILED, null, at);
    } else {
      settle(step);
      stand(step, StepStatus.RETRYING, at);
      step.retryAt = event.retryAt();
      frontier.due(event.retryAt(), step);
    }
  }

  private void skip(StepState step, RunEvent.SkipReason reason, Instant at) {
    if (reason == RunEvent.SkipReason.UPSTREAM_FAILED) {
      step.broken = Math.max(1, step.broken);
    }
    resolve(step, StepStatus.SKIPPED, Json.nothing(), at);
  }

  private void expand(StepState step, int count, Instant at) {
    frontier.notReady(step);
    StepState[] items = new StepState[count];
    for (int i = 0; i < count; i++) {
      items[i] = new StepState(step.step(), new StepRef(step.step().id(), i), step.index, step, at);
    }
    step.items = items;
    step.startedAt = at;
    if (count == 0) {
      resolve(step, StepStatus.COMPLETED, null, at);
      return;
    }
    Foreach foreach = step.step().foreach();
    int cap = foreach == null || foreach.maxConcurrency() == 0 ? count : foreach.maxConcurrency();
    while (step.itemsReleased < Math.min(cap, count)) {
      release(items[step.itemsReleased++], at);
    }
  }

  private void await(StepState step, Awaited awaited, Instant at) {
    int next = step.status == StepStatus.RETRYING ? step.attempt + 1 : Math.max(1, step.attempt);
    settle(step);
    if (awaited instanceof Awaited.Signal expected) {
      Deque<JsonNode> arrived = signals.get(expected.name());
      if (arrived != null && !arrived.isEmpty()) {
        step.startedAt = at;
        step.attempt = 1;
        resolve(step, StepStatus.COMPLETED, arrived.removeFirst(), at);
        return;
      }
    }
    if (step.startedAt == null) {
      step.startedAt = at;
    }
    stand(step, StepStatus.WAITING, at);
    step.attempt = next;
    step.awaited = awaited;
    waiting++;
    frontier.due(awaited.until(), step);
  }

  private void signal(RunEvent.SignalReceived event, Instant at) {
    for (StepState step : steps) {
      if (awaits(step, event.name())) {
        resolve(step, StepStatus.COMPLETED, event.payload(), at);
        return;
      }
      for (StepState item : step.items()) {
        if (awaits(item, event.name())) {
          resolve(item, StepStatus.COMPLETED, event.payload(), at);
          return;
        }
      }
    }
    signals.computeIfAbsent(event.name(), name -> new ArrayDeque<>()).addLast(event.payload());
  }

  private static boolean awaits(StepState step, String signal) {
    return step.status == StepStatus.WAITING
        && step.awaited instanceof Awaited.Signal awaited
        && awaited.name().equals(signal);
  }

  private void approve(StepState step, RunEvent.ApprovalGiven event, Instant at) {
    if (event.approved()) {
      var answer = Json.object().put("approved", true).put("by", event.by());
      resolve(
          step,
          StepStatus.COMPLETED,
          event.comment() == null ? answer : answer.put("comment", event.comment()),
          at);
    } else {
      String said = event.comment() == null ? "" : ": " + event.comment();
      Failure rejected = Failure.of(ProblemCode.REJECTED, event.by() + " rejected it" + said);
      fail(
          step, new RunEvent.StepFailed(step.ref(), Math.max(1, step.attempt), rejected, null), at);
    }
  }

  private void decide(StepState step, RunEvent.StepResolved event, Instant at) {
    settle(step);
    switch (event.resolution()) {
      case RETRY -> release(step, at);
      case COMPLETE ->
          resolve(
              step,
              StepStatus.COMPLETED,
              event.output() == null ? Json.nothing() : event.output(),
              at);
      case SKIP -> resolve(step, StepStatus.SKIPPED, Json.nothing(), at);
      case FAIL -> {
        Failure unknown =
            Failure.of(
                ProblemCode.OUTCOME_UNKNOWN,
                event.by() + " counted the unknown outcome as a failure");
        fail(step, new RunEvent.StepFailed(step.ref(), step.attempt, unknown, null), at);
      }
    }
  }

  /** Leaves whatever it stood in, before it comes to stand anew. */
  private void settle(StepState step) {
    if (step.underWay) {
      step.underWay = false;
      underWay--;
    }
    switch (step.status) {
      case READY -> frontier.notReady(step);
      case RETRYING -> frontier.notDue(step.retryAt, step);
      case WAITING -> {
        waiting--;
        if (step.awaited != null) {
          frontier.notDue(step.awaited.until(), step);
        }
      }
      case UNKNOWN -> unknown--;
      default -> {}
    }
    step.retryAt = null;
    step.awaited = null;
    step.once = false;
  }

  private static void stand(StepState step, StepStatus status, Instant at) {
    step.status = status;
    step.since = at;
  }

  private void resolve(StepState step, StepStatus status, @Nullable JsonNode output, Instant at) {
    settle(step);
    stand(step, status, at);
    step.output = output;
    step.endedAt = at;
    if (step.step().compensate() != null && !step.isExpanded()) {
      if (status == StepStatus.COMPLETED && step.attempt > 0) {
        undoable.add(step);
      }
    }
    if (step.whole == null) {
      resolveDependents(step, at);
    } else {
      resolveItem(step, step.whole, at);
    }
  }

  private void resolveDependents(StepState step, Instant at) {
    open--;
    boolean breaks =
        step.status == StepStatus.FAILED
            || step.status == StepStatus.CANCELLED
            || (step.status == StepStatus.SKIPPED && step.broken > 0);
    for (int dependent : plan().dependents(step.index)) {
      StepState waits = steps[dependent];
      if (breaks) {
        waits.broken++;
      }
      if (--waits.unmet == 0 && waits.status == StepStatus.PENDING && startedAt != null) {
        release(waits, at);
      }
    }
  }

  private void resolveItem(StepState item, StepState whole, Instant at) {
    whole.itemsEnded++;
    if (item.status == StepStatus.FAILED || item.status == StepStatus.CANCELLED) {
      whole.itemsFailed++;
      whole.failure = whole.failure == null ? item.failure : whole.failure;
    }
    StepState[] items = whole.items;
    if (items == null) {
      return;
    }
    if (whole.itemsReleased < items.length) {
      release(items[whole.itemsReleased++], at);
    } else if (whole.itemsEnded == items.length) {
      whole.attempt = Math.max(whole.attempt, 1);
      resolve(whole, whole.itemsFailed > 0 ? StepStatus.FAILED : StepStatus.COMPLETED, null, at);
    }
  }

  private void end(Ending why) {
    if (ending == null) {
      ending = why;
      frontier.clear();
    }
  }

  private void startUndoing(RunEvent.CompensationStarted event) {
    List<StepState> order = event.steps().stream().map(this::state).toList();
    order.forEach(step -> step.undo = StepState.Undo.DUE);
    undoing = order;
  }

  private void undone(StepState step, StepState.Undo undo) {
    frontier.notDue(step.undoRetryAt, step);
    step.undoRetryAt = null;
    step.undoOnce = false;
    step.undo = undo;
    if (step.underWay) {
      step.underWay = false;
      underWay--;
    }
  }

  // --- the owner's marks ---

  /** Notes that the owner has handed out an attempt at this step, or at undoing it. */
  public void handOut(StepState step, int attempt) {
    frontier.notReady(step);
    if (undoing != null) {
      frontier.notDue(step.undoRetryAt, step);
      step.undoAttempt = attempt;
    } else {
      frontier.notDue(step.retryAt, step);
      step.attempt = attempt;
    }
    step.underWay = true;
    underWay++;
  }

  // --- reading ---

  public RunId run() {
    return run;
  }

  /** The place of the last event applied; 0 before the first. */
  public int seq() {
    return seq;
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

  private <T> T known(@Nullable T value, String event) {
    if (value == null) {
      throw new IllegalStateException(run + " has no " + event);
    }
    return value;
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
    return Collections.unmodifiableList(java.util.Arrays.asList(steps));
  }

  public StepState step(String id) {
    return steps[plan().indexOf(id)];
  }

  public boolean has(StepRef ref) {
    return plan().has(ref.step()) && (!ref.isItem() || ref.item() < step(ref.step()).itemCount());
  }

  /** The step or item. Throws {@link IllegalStateException} when there is none. */
  public StepState state(StepRef ref) {
    StepState whole = step(ref.step());
    if (!ref.isItem()) {
      return whole;
    }
    if (whole.items == null || ref.item() >= whole.items.length) {
      throw new IllegalStateException(run + " has no " + ref);
    }
    return whole.items[ref.item()];
  }

  /** What may start, best first. */
  public Collection<StepState> ready() {
    return frontier.ready();
  }

  /** Whatever has become due: retries, waits that end, compensations to try again. */
  public List<StepState> dueBy(Instant now) {
    return frontier.dueBy(now);
  }

  /** When something next becomes due, the run's own deadline included; null when nothing will. */
  public @Nullable Instant nextDue() {
    Instant due = paused != null && ending == null ? null : frontier.nextDue();
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
    return underWay;
  }

  /** How many steps and items wait for a time, a person, a signal or a sub-run. */
  public int waiting() {
    return waiting;
  }

  /** How many steps have not ended. */
  public int open() {
    return open;
  }

  /** How many steps' outcomes are unknown. */
  public int unknown() {
    return unknown;
  }

  /** Completed steps and items that name a compensation, in the order in which they completed. */
  public List<StepState> undoable() {
    return Collections.unmodifiableList(undoable);
  }

  /** What expressions of this step (or item) see now. */
  public Scope scope(@Nullable StepState step) {
    return StateScope.of(this, step);
  }

  /** What a loop's inputs and guard see. */
  public Scope roundScope(StepState step, int iteration, @Nullable JsonNode last) {
    return StateScope.ofRound(this, step, iteration, last);
  }

  /**
   * The list that a {@code foreach} step runs over. Throws a {@link dev.capstan.kernel.Refusal}
   * when it is none or too long.
   */
  public List<JsonNode> itemValues(StepState whole) {
    List<JsonNode> values = whole.itemValues;
    Foreach foreach = whole.step().foreach();
    if (values == null && foreach != null) {
      JsonNode list = foreach.items().evaluate(scope(null));
      values = list.isArray() ? List.copyOf(list.values()) : List.of();
      if (!list.isArray() || values.size() > Foreach.MOST_ITEMS) {
        String found =
            list.isArray()
                ? values.size() + " items"
                : list.getNodeType().toString().toLowerCase(java.util.Locale.ROOT);
        throw Problem.of(
                ProblemCode.EXPRESSION_FAILED,
                "foreach needs a list of at most " + Foreach.MOST_ITEMS + " items and got " + found)
            .refusal();
      }
      whole.itemValues = values;
    }
    return values == null ? List.of() : values;
  }

  JsonNode itemValue(StepState item) {
    return item.whole == null ? Json.nothing() : itemValues(item.whole).get(item.ref().item());
  }

  public RunStatus status() {
    if (terminal != null) {
      return switch (terminal) {
        case RunEvent.RunCompleted e ->
            e.failed().isEmpty() ? RunStatus.COMPLETED : RunStatus.COMPLETED_PARTIALLY;
        case RunEvent.RunFailed e -> RunStatus.FAILED;
        case RunEvent.RunCancelled e -> RunStatus.CANCELLED;
      };
    }
    if (undoing != null) {
      return RunStatus.COMPENSATING;
    }
    if (ending instanceof Ending.Cancelling) {
      return RunStatus.CANCELLING;
    }
    if (paused != null) {
      return RunStatus.PAUSED;
    }
    if (startedAt == null) {
      return RunStatus.PENDING;
    }
    boolean moving = underWay > 0 || frontier.hasReady() || ending != null;
    if (!moving && unknown > 0) {
      return RunStatus.BLOCKED;
    }
    return !moving && waiting > 0 ? RunStatus.WAITING : RunStatus.RUNNING;
  }
}
