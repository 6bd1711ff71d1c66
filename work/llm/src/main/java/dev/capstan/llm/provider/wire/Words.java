package dev.capstan.llm.provider.wire;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.chat.Part;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Small readings that every dialect needs. */
public final class Words {
  private Words() {}

  /** The field's text; empty when it is absent, null or something else. */
  public static String text(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isString() ? value.stringValue() : "";
  }

  /** The field's count; 0 when it is absent, null, negative or something else. */
  public static long count(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.canConvertToLong() ? Math.max(0, value.longValue()) : 0;
  }

  /** What a person said, without what they showed; null when they showed something. */
  public static @org.jspecify.annotations.Nullable String onlyText(List<Part> parts) {
    if (parts.size() == 1 && parts.getFirst() instanceof Part.Text(var text)) {
      return text;
    }
    return null;
  }

  /** The words in lower case hold one of these. */
  public static boolean mention(String words, String... any) {
    String lower = words.toLowerCase(java.util.Locale.ROOT);
    for (String one : any) {
      if (lower.contains(one)) {
        return true;
      }
    }
    return false;
  }

  /**
   * A tool's arguments for vendors that take objects alone: another's model may have written any.
   */
  public static JsonNode object(String arguments) {
    try {
      JsonNode value = Json.parse(arguments);
      return value.isObject() ? value : Json.object().set("value", value);
    } catch (Refusal noJson) {
      return Json.object().put("text", arguments);
    }
  }
}
