package dev.capstan.journal;

import dev.capstan.kernel.Json;
import dev.capstan.plan.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where one step, or one item of a {@code foreach} step, stands. Read it freely; only {@link
 * RunState} changes it.
 */
public final class StepState {
  /** What became of undoing a step. */
  public enum Undo {
    NONE,
    DUE,
    /**
     * It was being undone when its owner died, by a tool of effect {@code once}: a person must
     * decide.
     */
    UNKNOWN,
    DONE,
    GIVEN_UP;

    /** What a person's decision about an unknown undoing makes of it. */
    static Undo after(RunEvent.Resolution resolution) {
      return switch (resolution) {
        case RETRY -> DUE;
        case COMPLETE -> DONE;
        case SKIP, FAIL -> GIVEN_UP;
      };
    }
  }

  private final Step step;
  private final StepRef ref;
  final int index;
  final @Nullable StepState whole;

  StepStatus status = StepStatus.PENDING;
  int unmet;
  int broken;
  int attempt;
  boolean underWay;
  boolean once;
  Instant since;
  @Nullable Instant startedAt;
  @Nullable Instant endedAt;
  @Nullable Instant retryAt;
  @Nullable JsonNode output;
  @Nullable Failure failure;
  @Nullable Awaited awaited;
  RunEvent.@Nullable Question question;

  private List<Checkpoint> checkpoints = List.of();

  Undo undo = Undo.NONE;
  int undoAttempt;
  boolean undoOnce;
  @Nullable Instant undoRetryAt;
  @Nullable Failure undoFailure;

  StepState @Nullable [] items;
  int itemsReleased;
  int itemsEnded;
  int itemsFailed;
  @Nullable List<JsonNode> itemValues;

  StepState(Step step, StepRef ref, int index, @Nullable StepState whole, Instant since) {
    this.step = step;
    this.ref = ref;
    this.index = index;
    this.whole = whole;
    this.since = since;
  }

  public Step step() {
    return step;
  }

  public StepRef ref() {
    return ref;
  }

  /** The step's place in its plan. */
  public int index() {
    return index;
  }

  public StepStatus status() {
    return status;
  }

  /**
   * Whether an attempt at it, or at undoing it, was handed out and has not been answered; known
   * only to the run's owner.
   */
  public boolean underWay() {
    return underWay;
  }

  /**
   * The last attempt that was recorded or handed out, from 1; 0 before the first, and when a fork
   * took the step over.
   */
  public int attempt() {
    return attempt;
  }

  /** Whether a durable {@code step_started} of the current attempt exists. */
  public boolean startedDurably() {
    return once;
  }

  /** Whether something that it needs failed or was skipped because of that. */
  public boolean upstreamFailed() {
    return broken > 0;
  }

  /** When it came to stand as it stands. */
  public Instant since() {
    return since;
  }

  public @Nullable Instant startedAt() {
    return startedAt;
  }

  public @Nullable Instant endedAt() {
    return endedAt;
  }

  public @Nullable Instant retryAt() {
    return retryAt;
  }

  public @Nullable Failure failure() {
    return failure;
  }

  public @Nullable Awaited awaited() {
    return awaited;
  }

  /** What an attempt at it asks, while its outcome is unknown because of that. */
  public RunEvent.@Nullable Question question() {
    return question;
  }

  /** Whether an attempt asked this, and the next one goes on with the answer. */
  boolean hears(RunEvent.StepResolved answer) {
    RunEvent.Question asked = question;
    question = null;
    if (asked == null || answer.resolution() == RunEvent.Resolution.FAIL) {
      return false;
    }
    ObjectNode said =
        Json.object().put("resolution", answer.resolution().wireName()).put("by", answer.by());
    if (answer.output() != null) {
      said.set("output", answer.output());
    }
    keep(new Checkpoint(asked.key(), said));
    return true;
  }

  public Undo undo() {
    return undo;
  }

  public int undoAttempt() {
    return undoAttempt;
  }

  /**
   * Whether a durable {@code compensation_attempted} of the current attempt at undoing it exists.
   */
  public boolean undoStartedDurably() {
    return undoOnce;
  }

  public @Nullable Instant undoRetryAt() {
    return undoRetryAt;
  }

  public @Nullable Failure undoFailure() {
    return undoFailure;
  }

  void keep(Checkpoint checkpoint) {
    if (checkpoints.isEmpty()) {
      checkpoints = new ArrayList<>();
    }
    checkpoints.add(checkpoint);
  }

  void forgetCheckpoints() {
    checkpoints = List.of();
  }

  /** How far its attempts have got, in order; empty once it has ended. */
  public List<Checkpoint> checkpoints() {
    return Collections.unmodifiableList(checkpoints);
  }

  /** Whether this is a {@code foreach} step whose list has been evaluated. */
  public boolean isExpanded() {
    return items != null;
  }

  /** The items of an expanded step; empty otherwise. */
  public List<StepState> items() {
    return items == null ? List.of() : List.of(items);
  }

  public int itemCount() {
    return items == null ? 0 : items.length;
  }

  public int itemsEnded() {
    return itemsEnded;
  }

  public int itemsFailed() {
    return itemsFailed;
  }

  /** The output once it has completed or was skipped (then JSON null); null before. */
  public @Nullable JsonNode output() {
    if (output == null && items != null && status == StepStatus.COMPLETED) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode(items.length);
      for (StepState item : items) {
        list.add(item.output);
      }
      output = list;
    }
    return output;
  }
}
