package dev.capstan.plan.expression;

import dev.capstan.plan.Scope;
import tools.jackson.databind.JsonNode;

/** How an expression comes by its value: as {@link dev.capstan.plan.Expression#evaluate} says. */
sealed interface Meaning permits PathMeaning, JsonataMeaning, Meaning.Constant {
  JsonNode evaluate(Scope scope);

  /** A list written out as JSON, its numbers exact. */
  record Constant(JsonNode value) implements Meaning {
    @Override
    public JsonNode evaluate(Scope scope) {
      return value;
    }
  }
}
