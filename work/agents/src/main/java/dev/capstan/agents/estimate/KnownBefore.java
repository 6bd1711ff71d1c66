package dev.capstan.agents.estimate;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import dev.capstan.plan.Expression;
import dev.capstan.plan.Scope;
import dev.capstan.plan.Template;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What expressions can see before anything has run: the inputs, and no step's output. */
record KnownBefore(JsonNode inputs) implements Scope {
  @Override
  public Optional<JsonNode> stepOutput(String stepId) {
    return Optional.empty();
  }

  @Override
  public Optional<JsonNode> root(String name) {
    return name.equals("inputs") ? Optional.of(inputs) : Optional.empty();
  }

  @Override
  public JsonNode whole() {
    return Json.object().set("inputs", inputs);
  }

  /** The value as far as it is known; a text that is not known yet is empty. */
  JsonNode value(Template template) {
    try {
      return merged(template.source(), template.evaluate(this));
    } catch (Refusal unknowable) {
      return merged(template.source(), null);
    }
  }

  /** How long the list is; empty when that depends on what steps come to. */
  OptionalInt length(Expression items) {
    if (!items.stepReferences().isEmpty()) {
      return OptionalInt.empty();
    }
    try {
      JsonNode list = items.evaluate(this);
      return list.isArray() ? OptionalInt.of(list.size()) : OptionalInt.empty();
    } catch (Refusal unknowable) {
      return OptionalInt.empty();
    }
  }

  private static JsonNode merged(JsonNode source, @Nullable JsonNode value) {
    if (source.isString() && (value == null || value.isNull())) {
      return source.stringValue().contains("${") ? Json.text("") : source;
    }
    if (source.isObject()) {
      ObjectNode all = Json.object();
      source
          .properties()
          .forEach(field ->
              all.set(
                  field.getKey(),
                  merged(field.getValue(), value == null ? null : value.get(field.getKey()))));
      return all;
    }
    if (source.isArray()) {
      ArrayNode all = Json.mapper().createArrayNode();
      for (int i = 0; i < source.size(); i++) {
        all.add(merged(source.get(i), value == null ? null : value.get(i)));
      }
      return all;
    }
    return value == null ? source : value;
  }
}
