package dev.capstan.journal;

import dev.capstan.kernel.Json;
import dev.capstan.plan.Foreach;
import dev.capstan.plan.Plan;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The steps of one run and how they move: released when what they need has ended, settled when they
 * leave a state, resolved when they end. Every move takes time proportional to what it changes.
 */
final class Board {
  private final Plan plan;
  private final StepState[] steps;
  private final Frontier frontier = new Frontier();
  private final Map<String, Deque<JsonNode>> signals = new HashMap<>();
  private final List<StepState> undoable = new ArrayList<>();
  private boolean started;
  private boolean stopped;
  private int open;
  private int underWay;
  private int waiting;
  private int unknown;

  Board(Plan plan, Instant at) {
    this.plan = plan;
    this.steps = new StepState[plan.steps().size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = new StepState(plan.step(i), StepRef.of(plan.step(i).id()), i, null, at);
      steps[i].unmet = plan.dependencyCount(i);
    }
    this.open = steps.length;
  }

  void start(Instant at) {
    started = true;
    for (StepState step : steps) {
      if (step.unmet == 0 && step.status == StepStatus.PENDING) {
        release(step, at);
      }
    }
  }

  /**
   * From now on nothing is released, retried or timed any more: the run is being brought to its
   * end.
   */
  void stop() {
    stopped = true;
    frontier.clear();
  }

  void release(StepState step, Instant at) {
    stand(step, StepStatus.READY, at);
    if (!stopped) {
      frontier.ready(step);
    }
  }

  /** The owner changed: what the last one had handed out is not under way any more. */
  void forgetHandedOut() {
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
    if (stopped) {
      return;
    }
    if (step.status == StepStatus.READY) {
      frontier.ready(step);
    } else if (step.status == StepStatus.RETRYING) {
      frontier.due(step.retryAt, step);
    }
  }

  void handOut(StepState step, int attempt) {
    frontier.notReady(step);
    frontier.notDue(step.retryAt, step);
    step.attempt = attempt;
    step.underWay = true;
    underWay++;
  }

  void handOutUndo(StepState step, int attempt) {
    frontier.notDue(step.undoRetryAt, step);
    step.undoAttempt = attempt;
    step.underWay = true;
    underWay++;
  }

  void retry(StepState step, Instant retryAt, Instant at) {
    settle(step);
    stand(step, StepStatus.RETRYING, at);
    if (!stopped) {
      step.retryAt = retryAt;
      frontier.due(retryAt, step);
    }
  }

  void expand(StepState step, int count, Instant at) {
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

  void await(StepState step, Awaited awaited, Instant at) {
    int attempt = step.status == StepStatus.RETRYING ? step.attempt + 1 : Math.max(1, step.attempt);
    settle(step);
    step.attempt = attempt;
    step.startedAt = step.startedAt == null ? at : step.startedAt;
    if (awaited instanceof Awaited.Signal expected) {
      Deque<JsonNode> arrived = signals.get(expected.name());
      if (arrived != null && !arrived.isEmpty()) {
        resolve(step, StepStatus.COMPLETED, arrived.removeFirst(), at);
        return;
      }
    }
    stand(step, StepStatus.WAITING, at);
    step.awaited = awaited;
    waiting++;
    if (!stopped) {
      frontier.due(awaited.until(), step);
    }
  }

  /**
   * Hands the payload to the first step that waits for the signal, or keeps it for one that will.
   */
  void signal(String name, JsonNode payload, Instant at) {
    for (StepState step : steps) {
      if (awaits(step, name)) {
        resolve(step, StepStatus.COMPLETED, payload, at);
        return;
      }
      for (StepState item : step.items()) {
        if (awaits(item, name)) {
          resolve(item, StepStatus.COMPLETED, payload, at);
          return;
        }
      }
    }
    signals.computeIfAbsent(name, fresh -> new ArrayDeque<>()).addLast(payload);
  }

  private static boolean awaits(StepState step, String signal) {
    return step.status == StepStatus.WAITING
        && step.awaited instanceof Awaited.Signal awaited
        && awaited.name().equals(signal);
  }

  void lose(StepState step, RunEvent.StepUnknown event, Instant at) {
    settle(step);
    step.attempt = event.attempt();
    step.question = event.question();
    stand(step, StepStatus.UNKNOWN, at);
    unknown++;
  }

  /** Leaves whatever it stood in, before it comes to stand anew. */
  void settle(StepState step) {
    answered(step);
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
    step.status = StepStatus.PENDING;
    step.retryAt = null;
    step.awaited = null;
    step.once = false;
  }

  private void answered(StepState step) {
    if (step.underWay) {
      step.underWay = false;
      underWay--;
    }
  }

  private static void stand(StepState step, StepStatus status, Instant at) {
    step.status = status;
    step.since = at;
  }

  void resolve(StepState step, StepStatus status, @Nullable JsonNode output, Instant at) {
    settle(step);
    stand(step, status, at);
    step.output = status == StepStatus.SKIPPED ? Json.nothing() : output;
    step.endedAt = at;
    step.forgetCheckpoints();
    boolean didSomething = status == StepStatus.COMPLETED && step.attempt > 0 && !step.isExpanded();
    if (didSomething && step.step().compensate() != null) {
      undoable.add(step);
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
    for (int dependent : plan.dependents(step.index)) {
      StepState waits = steps[dependent];
      if (breaks) {
        waits.broken++;
      }
      if (--waits.unmet == 0 && waits.status == StepStatus.PENDING && started) {
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

  void undone(StepState step, StepState.Undo undo, @Nullable Instant retryAt) {
    frontier.notDue(step.undoRetryAt, step);
    step.undoOnce = false;
    step.undo = undo;
    step.undoRetryAt = retryAt;
    frontier.due(retryAt, step);
    answered(step);
  }

  boolean has(StepRef ref) {
    return plan.has(ref.step())
        && (!ref.isItem() || ref.item() < steps[plan.indexOf(ref.step())].itemCount());
  }

  StepState state(StepRef ref) {
    StepState whole = steps[plan.indexOf(ref.step())];
    if (!ref.isItem()) {
      return whole;
    }
    if (whole.items == null || ref.item() >= whole.items.length) {
      throw new IllegalStateException("there is no " + ref);
    }
    return whole.items[ref.item()];
  }

  StepState[] steps() {
    return steps;
  }

  Frontier frontier() {
    return frontier;
  }

  List<StepState> undoable() {
    return undoable;
  }

  int open() {
    return open;
  }

  int underWay() {
    return underWay;
  }

  int waiting() {
    return waiting;
  }

  int unknown() {
    return unknown;
  }
}
