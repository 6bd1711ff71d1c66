package dev.capstan.views;

import dev.capstan.journal.Awaited;
import dev.capstan.journal.Failure;
import dev.capstan.journal.StepState;
import dev.capstan.journal.StepStatus;
import dev.capstan.plan.Action;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A step as the edge shows it.
 *
 * @param kind {@code tool}, {@code wait}, {@code approval}, {@code signal}, {@code plan} or {@code
 *     loop}
 * @param attempt the last attempt, from 1; 0 before the first
 * @param waiting what it waits for, while it waits
 * @param items how many items of a {@code foreach} step there are and have ended
 */
public record StepView(
    String id,
    String kind,
    @Nullable String tool,
    StepStatus status,
    int attempt,
    List<String> dependsOn,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable JsonNode output,
    @Nullable Failure failure,
    @Nullable Awaited waiting,
    @Nullable Instant retryAt,
    @Nullable Items items) {
  /**
   * @param done items that have ended, however
   * @param failed those of them that failed
   */
  public record Items(int total, int done, int failed) {}

  static StepView of(StepState state) {
    Action action = state.step().action();
    boolean waits = state.status() == StepStatus.WAITING;
    return new StepView(
        state.step().id(),
        kind(action),
        action instanceof Action.CallTool call ? call.tool() : null,
        state.status(),
        state.attempt(),
        state.step().dependsOn(),
        state.startedAt(),
        state.endedAt(),
        state.output(),
        state.failure(),
        waits ? state.awaited() : null,
        state.status() == StepStatus.RETRYING ? state.retryAt() : null,
        state.isExpanded()
            ? new Items(state.itemCount(), state.itemsEnded(), state.itemsFailed())
            : null);
  }

  private static String kind(Action action) {
    return switch (action) {
      case Action.CallTool _ -> "tool";
      case Action.AwaitTime _ -> "wait";
      case Action.AwaitApproval _ -> "approval";
      case Action.AwaitSignal _ -> "signal";
      case Action.RunPlan _ -> "plan";
      case Action.Loop _ -> "loop";
    };
  }
}
