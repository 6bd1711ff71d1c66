package dev.capstan.engine;

import dev.capstan.journal.Awaited;
import dev.capstan.journal.Failure;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepState;
import dev.capstan.journal.StepStatus;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.plan.Action;
import dev.capstan.plan.Effect;
import dev.capstan.plan.Expression;
import dev.capstan.plan.ToolCatalog;
import dev.capstan.plan.ToolSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Opens what can be opened: starts steps that are ready, skips what must not run, unrolls lists,
 * begins waits.
 */
final class Opening {
  /** One decision stays small, so that no append grows without bound; the caller asks again. */
  private static final int MOST_AT_ONCE = 1_000;

  private final ToolCatalog tools;
  private final Supplier<RunId> childIds;

  Opening(ToolCatalog tools, Supplier<RunId> childIds) {
    this.tools = tools;
    this.childIds = childIds;
  }

  Decision decide(RunState state, Instant now) {
    return new Round(state, now).decide();
  }

  private final class Round {
    private final RunState state;
    private final Instant now;
    private final List<RunEvent> events = new ArrayList<>();
    private final List<Work> work = new ArrayList<>();
    private int capacity;
    private boolean ending;

    Round(RunState state, Instant now) {
      this.state = state;
      this.now = now;
      int most = state.plan().header().maxParallel();
      this.capacity = most == 0 ? Integer.MAX_VALUE : most - state.underWay();
    }

    Decision decide() {
      for (StepState step : state.dueBy(now)) {
        if (isFull()) {
          break;
        }
        if (step.status() == StepStatus.RETRYING) {
          act(step);
        }
      }
      for (StepState step : state.ready()) {
        if (isFull()) {
          break;
        }
        consider(step);
      }
      return events.isEmpty() && work.isEmpty() ? Decision.NOTHING : new Decision(events, work);
    }

    private boolean isFull() {
      return ending || capacity <= 0 || events.size() + work.size() >= MOST_AT_ONCE;
    }

    private void consider(StepState step) {
      if (step.upstreamFailed()) {
        events.add(new RunEvent.StepSkipped(step.ref(), RunEvent.SkipReason.UPSTREAM_FAILED));
      } else if (step.startedDurably()) {
        events.add(new RunEvent.StepUnknown(step.ref(), step.attempt(), null));
      } else {
        guarded(step, () -> open(step));
      }
    }

    /** The guard belongs to the step, not to each item of its list. */
    private void open(StepState step) {
      Expression guard = step.ref().isItem() ? null : step.step().when();
      if (guard != null && !guard.holds(state.scope(step))) {
        events.add(new RunEvent.StepSkipped(step.ref(), RunEvent.SkipReason.GUARD));
      } else if (step.step().foreach() != null && !step.ref().isItem()) {
        events.add(new RunEvent.StepExpanded(step.ref(), state.itemValues(step).size()));
      } else {
        act(step);
      }
    }

    private void guarded(StepState step, Runnable decision) {
      try {
        decision.run();
      } catch (Refusal refusal) {
        fail(step, refusal.problem());
      }
    }

    private void fail(StepState step, Problem problem) {
      events.add(
          new RunEvent.StepFailed(
              step.ref(), Math.max(1, step.attempt()), Failure.of(problem), null));
      ending = !state.plan().header().allowPartialCompletion();
    }

    private void act(StepState step) {
      switch (step.step().action()) {
        case Action.CallTool call -> guarded(step, () -> attempt(step, call));
        case Action.AwaitTime time ->
            guarded(
                step,
                () ->
                    await(step, new Awaited.Time(until(time.until().evaluate(state.scope(step))))));
        case Action.AwaitApproval approval ->
            guarded(
                step,
                () ->
                    await(
                        step,
                        new Awaited.Approval(
                            text(approval.message().evaluate(state.scope(step))), limit(step))));
        case Action.AwaitSignal signal ->
            await(step, new Awaited.Signal(signal.name(), limit(step)));
        case Action.RunPlan plan ->
            await(step, new Awaited.Child(childIds.get(), 0, limit(step), null));
        case Action.Loop loop ->
            await(step, new Awaited.Child(childIds.get(), 1, limit(step), null));
      }
    }

    private void attempt(StepState step, Action.CallTool call) {
      Optional<ToolSpec> spec = tools.spec(call.tool());
      if (spec.isEmpty()) {
        fail(
            step,
            Problem.of(ProblemCode.NOT_FOUND, "this process has no tool '" + call.tool() + "'"));
        return;
      }
      int attempt = step.attempt() + 1;
      Effect effect = spec.get().effect();
      JsonNode input = call.input().evaluate(state.scope(step));
      if (effect == Effect.ONCE) {
        events.add(new RunEvent.StepStarted(step.ref(), attempt));
      }
      work.add(
          new Work.Attempt(
              step.ref(),
              attempt,
              call.tool(),
              input,
              effect,
              false,
              List.copyOf(step.checkpoints())));
      capacity--;
    }

    private void await(StepState step, Awaited awaited) {
      events.add(new RunEvent.StepWaiting(step.ref(), awaited));
    }

    private @Nullable Instant limit(StepState step) {
      Duration timeout = step.step().timeout();
      return timeout == null ? null : now.plus(timeout);
    }

    private Instant until(JsonNode value) {
      return WaitTime.from(value, now);
    }

    private static String text(JsonNode value) {
      return value.isString() ? value.stringValue() : Json.write(value);
    }
  }
}
