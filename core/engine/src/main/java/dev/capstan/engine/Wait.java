package dev.capstan.engine;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Why something does not move. Every place that can hold a run or a step back must answer with one
 * of these; adding a place means adding a kind here, and then every switch over it fails to compile
 * until it is told.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
@JsonSubTypes({
  @JsonSubTypes.Type(value = Wait.Working.class, name = "working"),
  @JsonSubTypes.Type(value = Wait.Timer.class, name = "timer"),
  @JsonSubTypes.Type(value = Wait.Approval.class, name = "approval"),
  @JsonSubTypes.Type(value = Wait.Signal.class, name = "signal"),
  @JsonSubTypes.Type(value = Wait.Child.class, name = "child"),
  @JsonSubTypes.Type(value = Wait.Retry.class, name = "retry"),
  @JsonSubTypes.Type(value = Wait.Breaker.class, name = "breaker"),
  @JsonSubTypes.Type(value = Wait.Upstream.class, name = "upstream"),
  @JsonSubTypes.Type(value = Wait.Parallelism.class, name = "parallelism"),
  @JsonSubTypes.Type(value = Wait.RunSlot.class, name = "run_slot"),
  @JsonSubTypes.Type(value = Wait.StepSlot.class, name = "step_slot"),
  @JsonSubTypes.Type(value = Wait.Paused.class, name = "paused"),
  @JsonSubTypes.Type(value = Wait.Decision.class, name = "decision"),
  @JsonSubTypes.Type(value = Wait.Disk.class, name = "disk"),
  @JsonSubTypes.Type(value = Wait.Lease.class, name = "lease")
})
public sealed interface Wait {
  /**
   * An attempt is under way: it waits for the tool. {@code progress} is what it last told, if
   * anything.
   */
  record Working(
      String tool,
      int attempt,
      @Nullable Instant lastBeat,
      @Nullable JsonNode progress,
      @Nullable Instant deadline)
      implements Wait {}

  record Timer(Instant until) implements Wait {}

  record Approval(String message, @Nullable Instant until) implements Wait {}

  record Signal(String name, @Nullable Instant until) implements Wait {}

  record Child(RunId run, int iteration) implements Wait {}

  /** A failed attempt is made again at {@code until}. */
  record Retry(int attempt, Instant until, String lastError) implements Wait {}

  /** A tool's circuit is open; it is tried again at {@code halfOpenAt}. */
  record Breaker(String tool, Instant halfOpenAt) implements Wait {}

  /** Steps that must end first. */
  record Upstream(java.util.List<String> steps) implements Wait {}

  /** The plan's own {@code max_parallel}, or a foreach's {@code max_concurrency}. */
  record Parallelism(int limit) implements Wait {}

  /** {@code max_concurrent_runs} is reached; {@code ahead} runs of the same tenant go first. */
  record RunSlot(TenantId tenant, int limit, int ahead) implements Wait {}

  /** All of the process's step slots are taken; {@code ahead} steps of the same tenant go first. */
  record StepSlot(TenantId tenant, int limit, int ahead) implements Wait {}

  record Paused(String by, @Nullable String reason) implements Wait {}

  /**
   * A {@code once} step's outcome is unknown: a person must decide.
   *
   * @param call what within the step may have been done; null when it is the step itself
   */
  record Decision(int attempt, @Nullable String call) implements Wait {}

  /** Its last events are on their way to the disk, or the journal is not writing. */
  record Disk(@Nullable String reason) implements Wait {}

  /**
   * Another process owns the run; if that one is dead, its lease ends at {@code expires} and this
   * one takes over.
   */
  record Lease(long owner, @Nullable Instant expires) implements Wait {}
}
