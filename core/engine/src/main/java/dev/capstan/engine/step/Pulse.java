package dev.capstan.engine.step;

import tools.jackson.databind.JsonNode;

/** How a long attempt shows that it lives and how far it is. */
@FunctionalInterface
public interface Pulse {
  /**
   * Cheap; call it as often as there is something new. {@code progress} is shown to people and kept
   * only in memory.
   */
  void beat(JsonNode progress);
}
