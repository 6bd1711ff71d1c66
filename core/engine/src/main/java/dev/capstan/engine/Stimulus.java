package dev.capstan.engine;

import dev.capstan.engine.step.Outcome;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.RunId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Something from outside that a run reacts to. */
sealed interface Stimulus {
  /** A slot was granted: start. */
  record Begin() implements Stimulus {}

  /** This worker takes the run over. */
  record Claim(long owner) implements Stimulus {}

  /** Something that the run waits for is due. */
  record Due() implements Stimulus {}

  /**
   * An attempt ended.
   *
   * @param undo whether it was an attempt at undoing the step
   * @param interrupted whether it ended because the run is being stopped
   * @param notBefore the earliest that another attempt makes sense
   */
  record Ended(
      StepRef step,
      int attempt,
      boolean undo,
      Instant startedAt,
      Outcome outcome,
      boolean interrupted,
      @Nullable Instant notBefore)
      implements Stimulus {}

  /** An attempt has got so far. */
  record Reached(StepRef step, int attempt, String key, JsonNode value) implements Stimulus {}

  record ChildEnded(StepRef step, RunId child, RunEvent.Terminal end) implements Stimulus {}

  record Commanded(Command command) implements Stimulus {}
}
