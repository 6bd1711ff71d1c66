package dev.capstan.agents.crew;

import dev.capstan.kernel.document.At;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Who works.
 *
 * @param brief who it is and within which bounds it works, as a step's input says it
 * @param maxTime the longest that one attempt of its may take, as a step's time-out says it
 */
record CrewAgent(String name, At at, ObjectNode brief, @Nullable JsonNode maxTime) {
  /** Stands where one is missing; never leaves the reader. */
  static final CrewAgent NOBODY =
      new CrewAgent("?", At.ROOT, dev.capstan.kernel.Json.object(), null);

  /** What a brief is made of, in this order. */
  static final List<String> TEXTS = List.of("role", "goal", "backstory", "model");
}
