package dev.capstan.llm.provider.gemini;

import dev.capstan.kernel.Json;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.provider.wire.Dialect;
import dev.capstan.llm.provider.wire.Words;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Gemini's dialect, for a {@link dev.capstan.llm.provider.wire.WireProvider}. */
public final class Gemini {
  private Gemini() {}

  /** generateContent; base {@code https://generativelanguage.googleapis.com/v1beta}. */
  public static Dialect generateContent() {
    return new GeminiDialect();
  }

  /** The signatures of a turn's tool requests, one after the other; empty where there is none. */
  public static List<String> signatures(Message.Assistant said) {
    Message.Keepsake kept = said.keepsake();
    if (kept == null || !kept.dialect().equals(GeminiDialect.NAME)) {
      return List.of();
    }
    List<String> signatures = new ArrayList<>();
    for (JsonNode part : kept.content()) {
      if (part.path("functionCall").isObject()) {
        signatures.add(Words.text(part, "thoughtSignature"));
      }
    }
    return signatures;
  }

  /**
   * A turn of Gemini's as it is told by someone who kept nothing of it but its words.
   *
   * @param signatures of the requests in turn
   */
  public static Message.Keepsake signed(
      String text, List<ToolRequest> requests, List<String> signatures) {
    ArrayNode parts = Json.mapper().createArrayNode();
    if (!text.isEmpty()) {
      parts.addObject().put("text", text);
    }
    for (int i = 0; i < requests.size(); i++) {
      ObjectNode part = parts.addObject();
      ObjectNode call = part.putObject("functionCall").put("name", requests.get(i).tool());
      call.set("args", Words.object(requests.get(i).arguments()));
      if (!signatures.get(i).isEmpty()) {
        part.put("thoughtSignature", signatures.get(i));
      }
    }
    return new Message.Keepsake(GeminiDialect.NAME, parts);
  }
}
