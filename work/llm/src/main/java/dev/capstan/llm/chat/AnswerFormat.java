package dev.capstan.llm.chat;

import tools.jackson.databind.JsonNode;

/** What the answer's text must be. */
public sealed interface AnswerFormat {
  record FreeText() implements AnswerFormat {}

  /** Some JSON object. */
  record JsonObject() implements AnswerFormat {}

  /**
   * JSON of this schema.
   *
   * @param name 1 to 64 of {@code a-z A-Z 0-9 _ -}
   */
  record BySchema(String name, JsonNode schema, boolean strict) implements AnswerFormat {}
}
