package dev.capstan.agents.crew;

import dev.capstan.kernel.document.At;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is to be done.
 *
 * @param agent whose it is; null when a manager decides
 * @param context the tasks whose results it is told; null for those before it
 * @param async whether the next task need not wait for it
 * @param humanInput whether a person looks at the result before it is used
 * @param outputSchema JSON Schema of the result, when that is to be JSON
 * @param step what the plan's step takes as it is: {@code when}, {@code retry}, {@code timeout},
 *     {@code priority}
 */
record CrewTask(
    String id,
    At at,
    @Nullable String agent,
    String description,
    @Nullable String expectedOutput,
    @Nullable List<String> context,
    boolean async,
    boolean humanInput,
    @Nullable JsonNode outputSchema,
    ObjectNode step) {
  /** What the plan's step takes as it is. */
  static final List<String> OF_STEP = List.of("when", "retry", "timeout", "priority");

  /** The step at which a person looks at the result. */
  String review() {
    return id + "_review";
  }

  /** The step at which the agent takes up what that person said. */
  String revised() {
    return id + "_revised";
  }
}
