package dev.capstan.twin;

import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What OpenAI's responses API asks of a request. */
final class ResponsesCheck {
  private static final Set<String> FIELDS =
      Set.of(
          "background",
          "conversation",
          "include",
          "input",
          "instructions",
          "max_output_tokens",
          "max_tool_calls",
          "metadata",
          "model",
          "parallel_tool_calls",
          "previous_response_id",
          "prompt",
          "prompt_cache_key",
          "prompt_cache_retention",
          "reasoning",
          "safety_identifier",
          "service_tier",
          "store",
          "stream",
          "stream_options",
          "temperature",
          "text",
          "tool_choice",
          "tools",
          "top_logprobs",
          "top_p",
          "truncation",
          "user");

  private ResponsesCheck() {}

  static Checks of(JsonNode body) {
    Checks checks = new Checks();
    checks.onlyFields(body, FIELDS, "");
    checks.that(body.path("model").isString(), "Missing required parameter: 'model'.");
    JsonNode input = body.path("input");
    checks.that(
        input.isString() || (input.isArray() && !input.isEmpty()),
        "Missing required parameter: 'input'.");
    checks.within(body, "max_output_tokens", 16, Integer.MAX_VALUE);
    checks.within(body, "temperature", 0, 2);
    checks.within(body, "top_p", 0, 1);
    if (input.isArray()) {
      items(checks, input);
    }
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode tool : body.path("tools")) {
      checks.that(tool.path("type").asString("").equals("function"), "Invalid 'tools[].type'.");
      checks.toolName(tool.path("name").asString(""), "tools[].name");
      checks.schemaOfObject(tool.path("parameters"), "tools[].parameters");
      if (tool.path("strict").asBoolean(false)) {
        checks.strictSchema(tool.path("parameters"), "tools[].parameters");
      }
      names.add(tool.path("name").asString(""));
    }
    JsonNode choice = body.path("tool_choice");
    if (choice.isObject()) {
      checks.that(names.contains(choice.path("name").asString("")), "Invalid 'tool_choice'.");
    } else if (!choice.isMissingNode()) {
      checks.that(
          Set.of("auto", "none", "required").contains(choice.asString("")),
          "Invalid 'tool_choice'.");
    }
    JsonNode format = body.path("text").path("format");
    if (format.path("type").asString("").equals("json_schema")) {
      checks.that(
          format.path("name").asString("").matches("[a-zA-Z0-9_-]{1,64}"),
          "Missing required parameter: 'text.format.name'.");
      checks.that(
          format.path("schema").isObject(), "Missing required parameter: 'text.format.schema'.");
      if (format.path("strict").asBoolean(false)) {
        checks.strictSchema(format.path("schema"), "text.format.schema");
      }
    }
    return checks;
  }

  private static void items(Checks checks, JsonNode input) {
    Set<String> open = new LinkedHashSet<>();
    for (JsonNode item : input) {
      switch (item.path("type").asString("message")) {
        case "function_call" -> {
          checks.that(
              item.path("name").isString() && item.path("arguments").isString(),
              "Invalid 'function_call'.");
          String id = item.path("call_id").asString("");
          checks.that(
              id.length() <= 64,
              "Invalid 'input[].call_id': string too long. Expected a string with maximum length 64.");
          open.add(id);
        }
        case "function_call_output" ->
            checks.that(
                open.remove(item.path("call_id").asString("")) && item.has("output"),
                "No tool call found for function call output with call_id "
                    + item.path("call_id").asString("")
                    + ".");
        case "message" -> {
          checks.that(
              open.isEmpty() || item.path("role").asString("").equals("assistant"),
              "No tool output found for function call " + open + ".");
          checks.that(
              Set.of("user", "assistant", "system", "developer")
                  .contains(item.path("role").asString("")),
              "Invalid 'input[].role'.");
        }
        case "reasoning", "item_reference" -> {}
        default -> checks.that(false, "Invalid 'input[].type'.");
      }
    }
    checks.that(open.isEmpty(), "No tool output found for function call " + open + ".");
  }
}
