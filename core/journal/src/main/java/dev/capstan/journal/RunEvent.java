package dev.capstan.journal;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Something that happened to a run, in the past tense. Wire names ({@code run_created}, {@code
 * step_completed}, …) are the record names in snake case and never change; fields may be added,
 * never renamed. What a step was given is in the plan and in earlier events, so no event repeats
 * it.
 */
public sealed interface RunEvent {
  /** Something that happened to one step. */
  sealed interface OfStep extends RunEvent {
    StepRef step();
  }

  /** An end of the run; nothing is ever appended after it. */
  sealed interface Terminal extends RunEvent {}

  /**
   * The run was accepted.
   *
   * @param owner the worker that runs it
   * @param prompt what a person asked for, when there was a prompt
   * @param priority among the tenant's own runs, higher first
   */
  record RunCreated(
      TenantId tenant,
      long owner,
      @Nullable String prompt,
      JsonNode inputs,
      int priority,
      @Nullable String correlationId,
      @Nullable Parent parent,
      @Nullable Origin forkedFrom)
      implements RunEvent {}

  /**
   * The step of another run that this run is a sub-run of; {@code iteration} is 0 outside loops.
   */
  record Parent(RunId run, StepRef step, int iteration) {}

  /** Where a fork branched off: everything before {@code step} was taken over. */
  record Origin(RunId run, String step) {}

  /**
   * The plan that the run follows.
   *
   * @param plan the attachment's hash under which the plan's JSON is kept
   * @param planner {@code given}, {@code pattern}, {@code fork}, {@code import}, …
   * @param steps how many steps it has
   */
  record PlanGenerated(String plan, String planner, String name, int steps) implements RunEvent {}

  record ExecutionStart() implements RunEvent {}

  /**
   * Another worker took the run over; steps that were under way under the last owner are not any
   * more.
   */
  record RunClaimed(long owner) implements RunEvent {}

  /**
   * Written, and made durable, before a step of effect {@code once} is attempted, and only then.
   */
  record StepStarted(StepRef step, int attempt) implements OfStep {}

  /**
   * An attempt has got this far; a later one, after a crash or a failure, goes on from here. The
   * turns of an agent are such: each answer of its model, each result of a tool.
   *
   * @param key what it is, in the step's own words; several may have the same
   */
  record StepCheckpointed(StepRef step, int attempt, String key, JsonNode value)
      implements OfStep {}

  /**
   * @param attempt the attempt that succeeded, from 1; 0 when a fork took the output over from its
   *     origin, whose effects stay the origin's
   * @param startedAt when that attempt began
   */
  record StepCompleted(StepRef step, int attempt, Instant startedAt, JsonNode output)
      implements OfStep {}

  /**
   * An attempt failed.
   *
   * @param retryAt when the next attempt is due; null when there is none and the step has failed
   */
  record StepFailed(StepRef step, int attempt, Failure failure, @Nullable Instant retryAt)
      implements OfStep {}

  /** An attempt was stopped because the run was being stopped. */
  record StepCancelled(StepRef step, int attempt) implements OfStep {}

  /** The step did not run: its guard did not hold, or something that it needs failed. */
  record StepSkipped(StepRef step, SkipReason reason) implements OfStep {}

  enum SkipReason {
    GUARD,
    UPSTREAM_FAILED;

    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A {@code foreach} step's list was evaluated. */
  record StepExpanded(StepRef step, int items) implements OfStep {}

  /** The step waits for something that may take days; see {@link Awaited}. */
  record StepWaiting(StepRef step, Awaited awaited) implements OfStep {}

  /**
   * Nobody knows whether the step took effect: it is of effect {@code once} and was under way when
   * its owner died, or an attempt at it found such a thing within itself and asks.
   *
   * @param question what the attempt asks; null when the step itself is unknown
   */
  record StepUnknown(StepRef step, int attempt, @Nullable Question question) implements OfStep {}

  /**
   * What an attempt must know before the step can go on.
   *
   * @param key under which the next attempt finds the answer among its checkpoints
   * @param call what may have been done, in words
   */
  record Question(String key, String call) {}

  /** A person or a policy decided what to make of an unknown outcome. */
  record StepResolved(StepRef step, Resolution resolution, @Nullable JsonNode output, String by)
      implements OfStep {}

  enum Resolution {
    /** Attempt it again. What an attempt asked about did not happen: it may be done. */
    RETRY,
    /**
     * It did take effect; the given output (or null) is its output. What an attempt asked about
     * did, and the step goes on with it.
     */
    COMPLETE,
    /** Count it as skipped. What an attempt asked about is left out, and the step goes on. */
    SKIP,
    /** Count it as failed. */
    FAIL;

    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  record ApprovalGiven(StepRef step, boolean approved, String by, @Nullable String comment)
      implements OfStep {
    /** The step's output when it was approved. */
    JsonNode answer() {
      ObjectNode answer = Json.object().put("approved", approved).put("by", by);
      return comment == null ? answer : answer.put("comment", comment);
    }
  }

  /** A signal arrived; the first step that waits for the name, now or later, takes it. */
  record SignalReceived(String name, JsonNode payload, @Nullable String by) implements RunEvent {}

  record RunPaused(String by, @Nullable String reason) implements RunEvent {}

  record RunResumed(String by) implements RunEvent {}

  record CancelRequested(String by, @Nullable String reason) implements RunEvent {}

  record DeadlinePassed() implements RunEvent {}

  /** Every step ended well, and then the plan's outputs could not be evaluated. */
  record OutputsFailed(Failure failure) implements RunEvent {}

  /** The run will not complete; what was done is undone in reverse order, starting now. */
  record CompensationStarted(List<StepRef> steps) implements RunEvent {}

  /** Written, durable, before a compensation of effect {@code once} is attempted. */
  record CompensationAttempted(StepRef step, int attempt) implements OfStep {}

  record StepCompensated(StepRef step, int attempt) implements OfStep {}

  /**
   * @param retryAt when it is tried again; null when it is given up
   */
  record CompensationFailed(StepRef step, int attempt, Failure failure, @Nullable Instant retryAt)
      implements OfStep {}

  /**
   * @param failed steps that failed although the run completed (partial completion); empty for a
   *     full one
   */
  record RunCompleted(Map<String, JsonNode> outputs, List<StepRef> failed) implements Terminal {}

  /**
   * @param step the step that failed first, if one did
   * @param compensated what was undone
   * @param uncompensated what should have been undone and could not be
   */
  record RunFailed(
      @Nullable StepRef step,
      Failure failure,
      List<StepRef> compensated,
      List<StepRef> uncompensated)
      implements Terminal {}

  record RunCancelled(String by, List<StepRef> compensated, List<StepRef> uncompensated)
      implements Terminal {}
}
