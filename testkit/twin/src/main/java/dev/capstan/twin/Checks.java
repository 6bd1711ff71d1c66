package dev.capstan.twin;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Collects what a vendor would not accept; the first is what it says. */
final class Checks {
  private final List<String> mistakes = new ArrayList<>();

  void that(boolean holds, String otherwise) {
    if (!holds) {
      mistakes.add(otherwise);
    }
  }

  /** No fields but these, as all three vendors see to it. */
  void onlyFields(JsonNode object, Set<String> known, String place) {
    for (String name : object.propertyNames()) {
      that(known.contains(name), "Unknown parameter: '" + place + name + "'.");
    }
  }

  /** A number between these, if it is there. */
  void within(JsonNode object, String name, double least, double most) {
    JsonNode value = object.path(name);
    if (!value.isMissingNode()) {
      that(
          value.isNumber() && value.doubleValue() >= least && value.doubleValue() <= most,
          "Invalid '" + name + "': expected a number from " + least + " to " + most + ".");
    }
  }

  /** A JSON Schema of an object. */
  void schemaOfObject(JsonNode schema, String place) {
    that(schema.isObject(), "Invalid schema at '" + place + "': expected an object.");
    that(
        schema.path("type").asString("").equalsIgnoreCase("object"),
        "Invalid schema at '" + place + "': type must be \"object\".");
  }

  /** What OpenAI asks of a schema that it shall follow strictly. */
  void strictSchema(JsonNode schema, String place) {
    if (schema.path("type").asString("").equals("object")) {
      JsonNode closed = schema.path("additionalProperties");
      that(
          closed.isBoolean() && !closed.booleanValue(),
          "Invalid schema at '" + place + "': 'additionalProperties' must be false.");
      Set<String> required = new java.util.HashSet<>();
      schema.path("required").forEach(name -> required.add(name.asString("")));
      for (var property : schema.path("properties").properties()) {
        that(
            required.contains(property.getKey()),
            "Invalid schema at '" + place + "': 'required' must hold '" + property.getKey() + "'.");
        strictSchema(property.getValue(), place + "." + property.getKey());
      }
    }
  }

  void toolName(String name, String place) {
    that(
        name.matches("[a-zA-Z0-9_.:-]{1,128}"),
        "Invalid '" + place + "': '" + name + "' is no name of a tool.");
  }

  boolean passed() {
    return mistakes.isEmpty();
  }

  String first() {
    return mistakes.getFirst();
  }
}
