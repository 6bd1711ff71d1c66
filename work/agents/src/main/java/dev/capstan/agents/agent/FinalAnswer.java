package dev.capstan.agents.agent;

import dev.capstan.agents.CodeBlock;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.tools.SchemaCheck;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What the agent's last word must be. */
final class FinalAnswer {
  private final @Nullable JsonNode schema;
  private final @Nullable SchemaCheck check;

  /** Throws {@link IllegalArgumentException} for what is no schema. */
  FinalAnswer(@Nullable JsonNode schema) {
    this.schema = schema;
    this.check = schema == null ? null : SchemaCheck.of(schema);
  }

  AnswerFormat format() {
    return schema == null
        ? new AnswerFormat.FreeText()
        : new AnswerFormat.BySchema("answer", schema, true);
  }

  /** The answer as JSON; null when no schema was given. */
  @Nullable JsonNode read(String text) {
    return check == null ? null : Json.parse(CodeBlock.inside(text));
  }

  /** What is wrong with it, in words for the model; empty when nothing is. */
  String mistakes(String text) {
    if (check == null) {
      return "";
    }
    JsonNode value;
    try {
      value = Json.parse(CodeBlock.inside(text));
    } catch (Refusal broken) {
      return "it is no JSON: " + broken.problem().detail();
    }
    List<Mistake> mistakes = check.mistakes(value);
    return mistakes.stream().map(Mistake::toString).collect(Collectors.joining("; "));
  }
}
