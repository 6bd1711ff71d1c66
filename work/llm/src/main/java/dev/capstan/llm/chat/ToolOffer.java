package dev.capstan.llm.chat;

import tools.jackson.databind.JsonNode;

/**
 * A tool that the model may ask for.
 *
 * @param inputSchema JSON Schema 2020-12 of an object
 */
public record ToolOffer(String name, String description, JsonNode inputSchema) {}
