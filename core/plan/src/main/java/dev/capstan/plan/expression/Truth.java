package dev.capstan.plan.expression;

import tools.jackson.databind.JsonNode;

/** JSONata's {@code $boolean}. */
final class Truth {
  private Truth() {}

  static boolean of(JsonNode value) {
    return switch (value.getNodeType()) {
      case BOOLEAN -> value.booleanValue();
      case STRING -> !value.stringValue().isEmpty();
      case NUMBER -> value.decimalValue().signum() != 0;
      case OBJECT -> !value.isEmpty();
      case ARRAY -> anyOf(value);
      default -> false;
    };
  }

  private static boolean anyOf(JsonNode array) {
    for (JsonNode item : array.values()) {
      if (of(item)) {
        return true;
      }
    }
    return false;
  }
}
