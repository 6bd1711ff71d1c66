package dev.capstan.engine;

import dev.capstan.journal.Checkpoint;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.RunId;
import dev.capstan.plan.Effect;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Something that the decider wants done; doing it is the run loop's business. */
sealed interface Work {
  /**
   * Call a tool.
   *
   * @param undo whether this undoes the step
   * @param kept how far earlier attempts had got
   */
  record Attempt(
      StepRef step,
      int attempt,
      String tool,
      JsonNode input,
      Effect effect,
      boolean undo,
      List<Checkpoint> kept)
      implements Work {
    /**
     * A pure attempt may run ahead of the disk: if its cause turns out never to have been written,
     * it has touched nothing.
     */
    boolean needsDurableCause() {
      return effect != Effect.PURE;
    }
  }

  /** Stop every attempt that is under way. */
  record InterruptAll() implements Work {}

  record CancelChild(RunId child, @Nullable String reason) implements Work {}
}
