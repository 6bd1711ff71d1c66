package dev.capstan.twin;

import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What Anthropic's messages ask of a request. */
final class MessagesCheck {
  private static final Set<String> FIELDS =
      Set.of(
          "model",
          "messages",
          "max_tokens",
          "cache_control",
          "container",
          "context_management",
          "inference_geo",
          "mcp_servers",
          "metadata",
          "output_config",
          "service_tier",
          "stop_sequences",
          "stream",
          "system",
          "temperature",
          "thinking",
          "tool_choice",
          "tools",
          "top_k",
          "top_p");

  private MessagesCheck() {}

  static Checks of(JsonNode body) {
    Checks checks = new Checks();
    for (String name : body.propertyNames()) {
      checks.that(FIELDS.contains(name), name + ": Extra inputs are not permitted");
    }
    checks.that(body.path("model").isString(), "model: Field required");
    checks.that(body.path("max_tokens").isInt(), "max_tokens: Field required");
    checks.within(body, "max_tokens", 1, Integer.MAX_VALUE);
    checks.within(body, "temperature", 0, 1);
    checks.within(body, "top_p", 0, 1);
    JsonNode messages = body.path("messages");
    checks.that(messages.isArray(), "messages: Field required");
    checks.that(!messages.isEmpty(), "messages: at least one message is required");
    checks.that(
        messages.path(0).path("role").asString("").equals("user"),
        "messages: first message must use the \"user\" role");
    messages(checks, messages);
    tools(checks, body);
    JsonNode format = body.path("output_config").path("format");
    if (!format.isMissingNode()) {
      checks.that(
          format.path("type").asString("").equals("json_schema"),
          "output_config.format.type: Input should be 'json_schema'");
      checks.that(format.path("schema").isObject(), "output_config.format.schema: Field required");
      checks.strictSchema(format.path("schema"), "output_config.format.schema");
    }
    return checks;
  }

  private static void messages(Checks checks, JsonNode messages) {
    Set<String> open = new LinkedHashSet<>();
    Set<String> known = new LinkedHashSet<>();
    int i = 0;
    for (JsonNode message : messages) {
      String place = "messages." + i++;
      String role = message.path("role").asString("");
      checks.that(
          role.equals("user") || role.equals("assistant"),
          place + ": Input should be 'user' or 'assistant'");
      if (!open.isEmpty()) {
        answered(checks, message, open, place);
      }
      open.clear();
      JsonNode content = message.path("content");
      checks.that(
          content.isString() ? !content.stringValue().isEmpty() : content.isArray(),
          place + ": user messages must have non-empty content");
      for (JsonNode block : content) {
        switch (block.path("type").asString("")) {
          case "tool_use" -> {
            checks.that(
                block.path("input").isObject(),
                place + ".content.tool_use.input: Input should be a valid dictionary");
            String id = block.path("id").asString("");
            checks.that(
                id.matches("[a-zA-Z0-9_-]+"),
                place + ".content.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'");
            checks.that(known.add(id), place + ".content: `tool_use` ids must be unique");
            open.add(id);
          }
          case "text" ->
              checks.that(
                  !block.path("text").asString("").isEmpty(),
                  place + ": text content blocks must be non-empty");
          case "thinking" ->
              checks.that(
                  block.path("signature").asString("").startsWith("sig"),
                  place + ": Invalid `signature` in `thinking` block");
          case "tool_result", "image", "redacted_thinking", "document" -> {}
          default -> checks.that(false, place + ".content.type: unknown");
        }
      }
    }
    checks.that(open.isEmpty(), unanswered(open));
  }

  private static void answered(Checks checks, JsonNode message, Set<String> open, String place) {
    boolean onlyResults = true;
    for (JsonNode block : message.path("content")) {
      boolean result = block.path("type").asString("").equals("tool_result");
      if (result) {
        checks.that(onlyResults, place + ": tool_result blocks must come before all other content");
        open.remove(block.path("tool_use_id").asString(""));
      }
      onlyResults = onlyResults && result;
    }
    checks.that(open.isEmpty(), place + ": " + unanswered(open));
  }

  private static String unanswered(Set<String> open) {
    return "`tool_use` ids were found without `tool_result` blocks immediately after: "
        + String.join(", ", open);
  }

  private static void tools(Checks checks, JsonNode body) {
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode tool : body.path("tools")) {
      checks.toolName(tool.path("name").asString(""), "tools.name");
      checks.schemaOfObject(tool.path("input_schema"), "tools.input_schema");
      checks.that(names.add(tool.path("name").asString("")), "tools: Tool names must be unique.");
    }
    JsonNode choice = body.path("tool_choice");
    if (!choice.isMissingNode()) {
      String type = choice.path("type").asString("");
      checks.that(
          Set.of("auto", "any", "tool", "none").contains(type),
          "tool_choice: Input tag does not match any of the expected tags");
      checks.that(
          !type.equals("tool") || names.contains(choice.path("name").asString("")),
          "tool_choice.name: Tool not found in provided tools");
      checks.that(!names.isEmpty(), "tool_choice may only be specified while providing tools.");
    }
  }
}
