package dev.capstan.agents.replay;

import dev.capstan.engine.step.Outcome;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What came of calling a tool once, in a recorded run.
 *
 * @param step where, as in {@link RecordedAnswer}; undoing a step is a place of its own, {@code
 *     step/undo}
 * @param call what the call is known by, when an agent made it, or its id, when a person wrote it;
 *     empty when the step itself made it
 * @param input what it was given; null when only the order of results is known
 */
public record RecordedResult(
    String step, String call, String tool, @Nullable JsonNode input, Outcome outcome) {
  /** The same result, with what it came of. */
  RecordedResult of(JsonNode given) {
    return new RecordedResult(step, call, tool, given, outcome);
  }
}
