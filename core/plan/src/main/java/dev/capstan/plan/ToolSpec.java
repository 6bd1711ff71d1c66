package dev.capstan.plan;

import tools.jackson.databind.JsonNode;

/**
 * What a plan's author needs to know of a tool.
 *
 * @param name how steps name it: letters, digits, {@code . _ -}
 * @param description one sentence, for people and for models
 * @param input JSON Schema 2020-12 of what it takes
 * @param output JSON Schema 2020-12 of what it returns
 */
public record ToolSpec(
    String name, String description, JsonNode input, JsonNode output, Effect effect) {}
