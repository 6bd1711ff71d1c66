package dev.capstan.engine;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sets values inside a JSON object by dotted names: {@code target.region}, {@code hosts.0.name}.
 */
final class Dotted {
  private Dotted() {}

  /**
   * A copy of {@code base} with these values set. Throws a {@link dev.capstan.kernel.Refusal} when
   * a name leads through what is no object.
   */
  static JsonNode set(JsonNode base, ObjectNode values) {
    if (values.isEmpty()) {
      return base;
    }
    JsonNode copy = base.isObject() ? base.deepCopy() : dev.capstan.kernel.Json.object();
    values.properties().forEach(value -> set(copy, value.getKey(), value.getValue()));
    return copy;
  }

  private static void set(JsonNode root, String name, JsonNode value) {
    String[] hops = name.split("\\.", -1);
    JsonNode at = root;
    for (int i = 0; i < hops.length - 1; i++) {
      at = hop(at, hops[i], name);
    }
    String last = hops[hops.length - 1];
    switch (at) {
      case ObjectNode object when !last.isEmpty() -> object.set(last, value);
      case ArrayNode array when isIndex(last, array) -> array.set(Integer.parseInt(last), value);
      default -> throw nowhere(name);
    }
  }

  private static JsonNode hop(JsonNode at, String hop, String name) {
    if (at instanceof ArrayNode array && isIndex(hop, array)) {
      return array.get(Integer.parseInt(hop));
    }
    if (at instanceof ObjectNode object && !hop.isEmpty()) {
      JsonNode next = object.get(hop);
      return next == null ? object.putObject(hop) : next;
    }
    throw nowhere(name);
  }

  private static boolean isIndex(String hop, ArrayNode array) {
    return hop.matches("\\d{1,6}") && Integer.parseInt(hop) < array.size();
  }

  private static RuntimeException nowhere(String name) {
    return Problem.of(ProblemCode.INVALID_REQUEST, "'" + name + "' leads nowhere").refusal();
  }
}
