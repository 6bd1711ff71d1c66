package dev.capstan.plan;

import dev.capstan.plan.Action.CallTool;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One step of a plan.
 *
 * @param id unique in its plan: letters, digits, {@code _ -}, at most 100 characters
 * @param dependsOn the steps that must end before this one is ready: those named and those referred
 *     to, each once
 * @param when a guard; when it does not hold the step is skipped, its output is null and what
 *     depends on it goes on
 * @param foreach the list to run it over, if any
 * @param timeout the longest one attempt, or one wait, may take
 * @param heartbeat the longest silence of an attempt before it is given up
 * @param compensate what undoes it once it has completed
 * @param priority higher goes first among steps that are ready, default 0, -100 to 100
 */
public record Step(
    String id,
    Action action,
    List<String> dependsOn,
    @Nullable Expression when,
    @Nullable Foreach foreach,
    RetryPolicy retry,
    @Nullable Duration timeout,
    @Nullable Duration heartbeat,
    @Nullable CallTool compensate,
    int priority) {
  public Step {
    dependsOn = List.copyOf(dependsOn);
  }

  /** A step that calls a tool and has nothing else to it. */
  public static Step of(String id, String tool, Template input, String... dependsOn) {
    return new Step(
        id,
        new Action.CallTool(tool, input),
        List.of(dependsOn),
        null,
        null,
        RetryPolicy.NONE,
        null,
        null,
        null,
        0);
  }

  /** The same step, but for what it does. */
  public Step doing(Action other) {
    return new Step(
        id, other, dependsOn, when, foreach, retry, timeout, heartbeat, compensate, priority);
  }
}
