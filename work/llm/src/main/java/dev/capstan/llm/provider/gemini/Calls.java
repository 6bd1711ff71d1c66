package dev.capstan.llm.provider.gemini;

import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.provider.wire.Words;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * Writes the function calls of earlier turns. Models from Gemini 3 on refuse a conversation in
 * which the first call of a turn is not signed; calls that another vendor's model made, or whose
 * signature a client did not say back, have none.
 */
final class Calls {
  /** Google's own word for calls that its model did not make. */
  private static final String UNSIGNED = "skip_thought_signature_validator";

  private static final List<String> UNCHECKED = List.of("gemini-1", "gemini-2", "gemma");

  private final boolean checked;
  private final JsonGenerator out;

  /** What the vendor calls the last turn's requests, if it numbered them, by our ids of them. */
  private final Map<String, String> ids = new HashMap<>();

  Calls(String model, JsonGenerator out) {
    this.checked = UNCHECKED.stream().noneMatch(model::startsWith);
    this.out = out;
  }

  /** A turn of Gemini's, part by part as it was received. */
  void kept(List<ToolRequest> requests, JsonNode parts) {
    ids.clear();
    int at = 0;
    for (JsonNode part : parts) {
      JsonNode call = part.path("functionCall");
      if (!call.isObject()) {
        out.writeTree(part);
        continue;
      }
      String id = Words.text(call, "id");
      if (!id.isEmpty() && at < requests.size()) {
        ids.put(requests.get(at).id(), id);
      }
      out.writeStartObject();
      for (Map.Entry<String, JsonNode> field : part.properties()) {
        out.writeName(field.getKey());
        out.writeTree(field.getValue());
      }
      sign(at++ == 0 && !part.has("thoughtSignature"));
      out.writeEndObject();
    }
  }

  /** A turn of another vendor's. */
  void foreign(List<ToolRequest> requests) {
    ids.clear();
    for (int i = 0; i < requests.size(); i++) {
      out.writeStartObject();
      out.writeObjectPropertyStart("functionCall");
      out.writeStringProperty("name", requests.get(i).tool());
      out.writeName("args");
      out.writeTree(Words.object(requests.get(i).arguments()));
      out.writeEndObject();
      sign(i == 0);
      out.writeEndObject();
    }
  }

  private void sign(boolean wanted) {
    if (wanted && checked) {
      out.writeStringProperty("thoughtSignature", UNSIGNED);
    }
  }

  /** What the vendor called the request that this answers; null where it called it nothing. */
  @Nullable String id(Message.ToolResult result) {
    return ids.get(result.request());
  }
}
