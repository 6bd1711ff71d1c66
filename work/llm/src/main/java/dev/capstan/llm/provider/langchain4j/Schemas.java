package dev.capstan.llm.provider.langchain4j;

import dev.capstan.llm.provider.wire.Words;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** JSON Schema in LangChain4j's words; what those do not know goes along as it is written. */
final class Schemas {
  private Schemas() {}

  static JsonObjectSchema object(JsonNode schema) {
    JsonObjectSchema.Builder object = JsonObjectSchema.builder();
    String description = Words.text(schema, "description");
    if (!description.isEmpty()) {
      object.description(description);
    }
    for (var property : schema.path("properties").properties()) {
      object.addProperty(property.getKey(), JsonRawSchema.from(property.getValue().toString()));
    }
    List<String> required = new ArrayList<>();
    schema.path("required").forEach(name -> required.add(name.asString("")));
    object.required(required);
    JsonNode more = schema.path("additionalProperties");
    if (more.isBoolean()) {
      object.additionalProperties(more.booleanValue());
    }
    return object.build();
  }
}
