package dev.capstan.plan;

/** What a step does. */
public sealed interface Action {
  /** Calls a tool with this input. */
  record CallTool(String tool, Template input) implements Action {}

  /**
   * Waits for a time: a duration ({@code "90s"}, {@code "2h"}, {@code "P3D"}, or a number of
   * seconds) from when the step becomes ready, or an instant (ISO 8601). Output: {@code
   * {"waited_until": instant}}.
   */
  record AwaitTime(Template until) implements Action {}

  /**
   * Waits for a person to approve or reject. Output: {@code {"approved": true, "by": …, "comment":
   * …}}; a rejection fails the step with {@code rejected}. The step's time-out bounds the wait.
   */
  record AwaitApproval(Template message) implements Action {}

  /**
   * Waits for a signal of this name; its payload is the output. The step's time-out bounds the
   * wait.
   */
  record AwaitSignal(String name) implements Action {}

  /** Runs another plan as a run of its own and waits for its end; its outputs are the output. */
  record RunPlan(Plan plan, Template inputs) implements Action {}

  /**
   * Runs a plan again and again, each time as a run of its own, until the guard holds over {@code
   * last} (the outputs) and {@code iteration} (from 1). Output: the last iteration's outputs. More
   * than {@code maxIterations} fails with {@code limit_reached}.
   */
  record Loop(Plan body, Template inputs, Expression until, int maxIterations) implements Action {}
}
