package dev.capstan.views;

import dev.capstan.journal.Awaited;
import dev.capstan.journal.Ending;
import dev.capstan.journal.Failure;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.RunStatus;
import dev.capstan.journal.StepRef;
import dev.capstan.journal.StepState;
import dev.capstan.journal.StepStatus;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A run as the edge shows it.
 *
 * @param failedSteps steps that failed although the run completed
 * @param durationMs from its start to its end, in milliseconds; null before it has ended
 * @param seq the place of the last event that this was folded from
 * @param atSeq the same, when an earlier state was asked for; null otherwise
 * @param maxCost the most that its models may cost together, when somebody said so
 * @param waits whatever waits for a time, a person, a signal or a sub-run
 */
public record RunView(
    RunId id,
    RunStatus status,
    String name,
    @Nullable String prompt,
    String planner,
    JsonNode inputs,
    @Nullable Map<String, JsonNode> outputs,
    @Nullable WhyItFailed failure,
    @Nullable List<StepRef> failedSteps,
    @Nullable List<StepRef> compensated,
    @Nullable List<StepRef> uncompensated,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Long durationMs,
    int seq,
    @Nullable Integer atSeq,
    String tenant,
    int priority,
    @Nullable String correlationId,
    RunEvent.@Nullable Parent parent,
    RunEvent.@Nullable Origin forkedFrom,
    @Nullable Money maxCost,
    List<StepView> steps,
    @Nullable List<Waiting> waits) {
  /** The failure and the step that failed first, if one did. */
  public record WhyItFailed(String code, String detail, @Nullable StepRef step) {
    private static WhyItFailed of(Failure failure, @Nullable StepRef step) {
      return new WhyItFailed(failure.code(), failure.detail(), step);
    }
  }

  /** A step or item that waits, for what, and since when. */
  public record Waiting(StepRef step, Awaited on, Instant since) {}

  /** The run as it is; {@code state} must have been created. */
  public static RunView of(RunState state) {
    return of(state, null);
  }

  /** The run as it was after event {@code state.seq()}. */
  public static RunView asOf(RunState state) {
    return of(state, state.seq());
  }

  private static RunView of(RunState state, @Nullable Integer atSeq) {
    RunEvent.RunCreated created = state.created();
    boolean planned = state.hasPlan();
    RunEvent.Terminal end = state.terminal();
    RunEvent.RunCompleted completed = end instanceof RunEvent.RunCompleted done ? done : null;
    return new RunView(
        state.run(),
        state.status(),
        planned ? state.generated().name() : "",
        created.prompt(),
        planned ? state.generated().planner() : "",
        created.inputs(),
        completed == null ? null : completed.outputs(),
        failure(state),
        completed == null || completed.failed().isEmpty() ? null : completed.failed(),
        undone(end, true),
        undone(end, false),
        state.createdAt(),
        state.startedAt(),
        state.endedAt(),
        duration(state),
        state.seq(),
        atSeq,
        created.tenant().value(),
        created.priority(),
        created.correlationId(),
        created.parent(),
        created.forkedFrom(),
        planned ? state.plan().header().costBudget() : null,
        planned ? state.steps().stream().map(StepView::of).toList() : List.of(),
        planned && state.waiting() > 0 ? waits(state) : null);
  }

  private static @Nullable WhyItFailed failure(RunState state) {
    if (state.terminal() instanceof RunEvent.RunFailed failed) {
      return WhyItFailed.of(failed.failure(), failed.step());
    }
    return state.ending() instanceof Ending.Failing failing
        ? WhyItFailed.of(failing.failure(), failing.step())
        : null;
  }

  private static @Nullable List<StepRef> undone(RunEvent.@Nullable Terminal end, boolean well) {
    List<StepRef> steps =
        switch (end) {
          case RunEvent.RunFailed e -> well ? e.compensated() : e.uncompensated();
          case RunEvent.RunCancelled e -> well ? e.compensated() : e.uncompensated();
          case RunEvent.RunCompleted _ -> List.of();
          case null -> List.of();
        };
    return steps.isEmpty() ? null : steps;
  }

  private static @Nullable Long duration(RunState state) {
    Instant start = state.startedAt() == null ? state.createdAt() : state.startedAt();
    return state.endedAt() == null ? null : Duration.between(start, state.endedAt()).toMillis();
  }

  private static List<Waiting> waits(RunState state) {
    return state.steps().stream()
        .flatMap(step -> step.isExpanded() ? step.items().stream() : Stream.of(step))
        .filter(step -> step != null && step.status() == StepStatus.WAITING)
        .flatMap(RunView::waiting)
        .toList();
  }

  private static Stream<Waiting> waiting(StepState step) {
    Awaited on = step.awaited();
    return on == null ? Stream.empty() : Stream.of(new Waiting(step.ref(), on, step.since()));
  }
}
