package dev.capstan.engine;

import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A new run that takes over everything of {@code run} that does not come after {@code step} and
 * goes on from there.
 *
 * @param inputs values that replace or add to the run's inputs (dotted names reach inside), for
 *     what is still to come
 * @param stepInputs values that replace or add to what a step is given: {@code step}, or one that
 *     comes after it
 * @param within how much of {@code step}'s own work is taken over too; null for nothing of it
 */
public record Fork(
    TenantId tenant,
    RunId run,
    String step,
    ObjectNode inputs,
    Map<String, ObjectNode> stepInputs,
    @Nullable Before within,
    @Nullable String correlationId) {
  /**
   * Everything that the step kept before it kept something for the {@code nth} time, from 1, under
   * {@code key}: an agent's turns before that one.
   */
  public record Before(String key, int nth) {}

  public Fork {
    stepInputs = Map.copyOf(stepInputs);
  }
}
