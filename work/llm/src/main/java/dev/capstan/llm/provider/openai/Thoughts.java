package dev.capstan.llm.provider.openai;

import static dev.capstan.llm.provider.wire.Words.text;

import dev.capstan.kernel.Json;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.provider.wire.Draft;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * What a model thinks aloud, in a field of its own beside its words. Models that ask for tools want
 * these thoughts back with the tools' results: DeepSeek refuses to go on without, others forget why
 * they asked. No other model is shown them.
 */
final class Thoughts {
  static final String DEEPSEEKS = "reasoning_content";

  /** As DeepSeek and those who follow it call it; as OpenRouter, vLLM and Ollama do. */
  private static final List<String> FIELDS = List.of(DEEPSEEKS, "reasoning");

  private final String model;
  private final Draft draft;
  private String field = "";

  /**
   * @param model as it is asked
   */
  Thoughts(String model, Draft draft) {
    this.model = model;
    this.draft = draft;
  }

  void hear(JsonNode message) {
    for (String name : FIELDS) {
      String aloud = text(message, name);
      if (!aloud.isEmpty()) {
        // Some servers say the same in both.
        draft.thinkAloud(aloud);
        field = name;
        return;
      }
    }
  }

  /** Once the answer is whole. */
  void keep() {
    if (!field.isEmpty()) {
      draft.keep(kept(model, field, draft.thoughts()).content());
    }
  }

  /**
   * @param model whose thoughts they are; empty where that is not known
   */
  static Message.Keepsake kept(String model, String field, String thoughts) {
    return new Message.Keepsake(
        ChatDialect.NAME,
        Json.object().put("model", model).put("field", field).put("thoughts", thoughts));
  }

  static String of(Message.Assistant said) {
    Message.Keepsake kept = said.keepsake();
    if (kept == null || !kept.dialect().equals(ChatDialect.NAME)) {
      return "";
    }
    return text(kept.content(), "thoughts");
  }

  /**
   * Of a turn that asked for tools, in its message to this model.
   *
   * @param always whether the model must be told thoughts: also such of which nobody says whose
   *     they are, and that there were none
   */
  static void write(Message.Assistant said, String model, boolean always, JsonGenerator out) {
    Message.Keepsake kept = said.keepsake();
    if (kept != null && kept.dialect().equals(ChatDialect.NAME)) {
      String field = text(kept.content(), "field");
      String whose = text(kept.content(), "model");
      boolean its = whose.equals(model) || (always && whose.isEmpty());
      if (its && FIELDS.contains(field)) {
        out.writeStringProperty(field, text(kept.content(), "thoughts"));
        return;
      }
    }
    if (always) {
      out.writeStringProperty(DEEPSEEKS, "");
    }
  }
}
