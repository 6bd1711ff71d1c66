package dev.capstan.plan;

import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What an expression can see. The roots are {@code inputs} (the run's inputs), {@code steps} (each
 * finished step as {@code steps.ID.output}), {@code run} ({@code run.id}, {@code run.tenant}),
 * inside a {@code foreach} {@code item} and {@code index}, and inside a {@code loop} {@code
 * iteration} and {@code last} (the previous iteration's outputs).
 */
public interface Scope {
  /** The output of a finished step; empty while it is unfinished; JSON null when it was skipped. */
  Optional<JsonNode> stepOutput(String stepId);

  /** The value of a root other than {@code steps}; empty when this scope has no such root. */
  Optional<JsonNode> root(String name);

  /**
   * Everything at once, as one object of all roots: slower, for expressions that are more than a
   * path.
   */
  JsonNode whole();
}
