package dev.capstan.twin;

import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What OpenAI's chat completions ask of a request. */
final class ChatCheck {
  static final Set<String> FIELDS =
      Set.of(
          "model",
          "messages",
          "audio",
          "frequency_penalty",
          "function_call",
          "functions",
          "logit_bias",
          "logprobs",
          "max_completion_tokens",
          "max_tokens",
          "metadata",
          "modalities",
          "n",
          "parallel_tool_calls",
          "prediction",
          "presence_penalty",
          "prompt_cache_key",
          "prompt_cache_retention",
          "reasoning_effort",
          "response_format",
          "safety_identifier",
          "seed",
          "service_tier",
          "stop",
          "store",
          "stream",
          "stream_options",
          "temperature",
          "tool_choice",
          "tools",
          "top_logprobs",
          "top_p",
          "user",
          "verbosity",
          "web_search_options");

  private ChatCheck() {}

  /**
   * @param fields that the server knows
   */
  static Checks of(JsonNode body, Set<String> fields) {
    Checks checks = new Checks();
    checks.onlyFields(body, fields, "");
    checks.that(body.path("model").isString(), "you must provide a model parameter");
    checks.that(
        body.path("messages").isArray() && !body.path("messages").isEmpty(),
        "Invalid 'messages': expected an array with at least one message.");
    checks.that(
        !(body.has("max_tokens") && body.has("max_completion_tokens")),
        "Setting 'max_tokens' and 'max_completion_tokens' at the same time is not supported.");
    checks.that(
        !body.has("stream_options") || body.path("stream").asBoolean(false),
        "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
    checks.within(body, "max_tokens", 1, Integer.MAX_VALUE);
    checks.within(body, "max_completion_tokens", 1, Integer.MAX_VALUE);
    checks.within(body, "temperature", 0, 2);
    checks.within(body, "top_p", 0, 1);
    messages(checks, body.path("messages"));
    tools(checks, body);
    format(checks, body.path("response_format"));
    return checks;
  }

  private static void messages(Checks checks, JsonNode messages) {
    Set<String> open = new LinkedHashSet<>();
    int i = 0;
    for (JsonNode message : messages) {
      String place = "messages[" + i++ + "]";
      String role = message.path("role").asString("");
      if (role.equals("tool")) {
        checks.that(
            open.remove(message.path("tool_call_id").asString("")),
            "Invalid parameter: messages with role 'tool' must be a response to a preceding"
                + " message with 'tool_calls' ("
                + place
                + ").");
        continue;
      }
      checks.that(open.isEmpty(), unanswered(open));
      open.clear();
      checks.that(
          Set.of("system", "developer", "user", "assistant").contains(role),
          "Invalid value '" + role + "' at '" + place + ".role'.");
      JsonNode content = message.path("content");
      checks.that(
          content.isString()
              || (content.isArray() && !content.isEmpty())
              || (role.equals("assistant") && message.has("tool_calls")),
          "Invalid value for 'content' at '" + place + "': expected a string.");
      for (JsonNode call : message.path("tool_calls")) {
        checks.that(
            call.path("type").asString("").equals("function")
                && call.path("function").path("name").isString()
                && call.path("function").path("arguments").isString(),
            "Invalid '" + place + ".tool_calls'.");
        open.add(call.path("id").asString(""));
      }
    }
    checks.that(open.isEmpty(), unanswered(open));
  }

  static String unanswered(Set<String> open) {
    return "An assistant message with 'tool_calls' must be followed by tool messages responding to"
        + " each 'tool_call_id'. These did not have response messages: "
        + open;
  }

  private static void tools(Checks checks, JsonNode body) {
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode tool : body.path("tools")) {
      JsonNode function = tool.path("function");
      checks.that(tool.path("type").asString("").equals("function"), "Invalid 'tools[].type'.");
      checks.toolName(function.path("name").asString(""), "tools[].function.name");
      checks.schemaOfObject(function.path("parameters"), "tools[].function.parameters");
      names.add(function.path("name").asString(""));
    }
    checks.that(
        !body.has("tools") || !body.path("tools").isEmpty(),
        "Invalid 'tools': empty array. Expected an array with minimum length 1.");
    JsonNode choice = body.path("tool_choice");
    checks.that(
        choice.isMissingNode() || !names.isEmpty(),
        "'tool_choice' is only allowed when 'tools' are specified.");
    checks.that(
        !body.has("parallel_tool_calls") || !names.isEmpty(),
        "'parallel_tool_calls' is only allowed when 'tools' are specified.");
    if (choice.isObject()) {
      checks.that(
          names.contains(choice.path("function").path("name").asString("")),
          "Invalid 'tool_choice': the tool is not among 'tools'.");
    } else if (!choice.isMissingNode()) {
      checks.that(
          Set.of("auto", "none", "required").contains(choice.asString("")),
          "Invalid 'tool_choice'.");
    }
  }

  private static void format(Checks checks, JsonNode format) {
    if (format.isMissingNode()) {
      return;
    }
    String type = format.path("type").asString("");
    checks.that(
        Set.of("text", "json_object", "json_schema").contains(type),
        "Invalid 'response_format.type'.");
    if (type.equals("json_schema")) {
      JsonNode named = format.path("json_schema");
      checks.that(
          named.path("name").asString("").matches("[a-zA-Z0-9_-]{1,64}"),
          "Missing required parameter: 'response_format.json_schema.name'.");
      checks.that(
          named.path("schema").isObject(),
          "Missing required parameter: 'response_format.json_schema.schema'.");
      if (named.path("strict").asBoolean(false)) {
        checks.strictSchema(named.path("schema"), "response_format");
      }
    }
  }
}
