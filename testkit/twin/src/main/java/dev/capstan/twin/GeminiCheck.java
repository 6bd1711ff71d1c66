package dev.capstan.twin;

import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** What Gemini asks of a request. */
final class GeminiCheck {
  private static final Set<String> FIELDS =
      Set.of(
          "contents",
          "systemInstruction",
          "tools",
          "toolConfig",
          "safetySettings",
          "generationConfig",
          "cachedContent",
          "labels",
          "model",
          "serviceTier",
          "store");
  private static final Set<String> GENERATION =
      Set.of(
          "candidateCount",
          "stopSequences",
          "maxOutputTokens",
          "temperature",
          "topP",
          "topK",
          "seed",
          "presencePenalty",
          "frequencyPenalty",
          "responseLogprobs",
          "logprobs",
          "responseMimeType",
          "responseSchema",
          "responseJsonSchema",
          "responseModalities",
          "mediaResolution",
          "speechConfig",
          "thinkingConfig",
          "imageConfig",
          "routingConfig",
          "audioTimestamp");
  private static final Set<String> PART =
      Set.of(
          "text",
          "inlineData",
          "fileData",
          "functionCall",
          "functionResponse",
          "thought",
          "thoughtSignature",
          "executableCode",
          "codeExecutionResult",
          "videoMetadata",
          "mediaResolution");

  private GeminiCheck() {}

  static Checks of(JsonNode body) {
    Checks checks = new Checks();
    known(checks, body, FIELDS, "");
    JsonNode generation = body.path("generationConfig");
    known(checks, generation, GENERATION, "generation_config.");
    checks.within(generation, "maxOutputTokens", 1, Integer.MAX_VALUE);
    checks.within(generation, "temperature", 0, 2);
    checks.within(generation, "topP", 0, 1);
    boolean shaped = generation.has("responseSchema") || generation.has("responseJsonSchema");
    checks.that(
        !shaped || generation.path("responseMimeType").asString("").equals("application/json"),
        "Response schema is only supported with response mime type application/json.");
    JsonNode contents = body.path("contents");
    checks.that(
        contents.isArray() && !contents.isEmpty(),
        "* GenerateContentRequest.contents: contents is not specified");
    contents(checks, contents);
    tools(checks, body.path("tools"));
    return checks;
  }

  private static void known(Checks checks, JsonNode object, Set<String> known, String place) {
    for (String name : object.propertyNames()) {
      checks.that(
          known.contains(name),
          "Invalid JSON payload received. Unknown name \""
              + place
              + name
              + "\": Cannot find field.");
    }
  }

  private static void contents(Checks checks, JsonNode contents) {
    int open = 0;
    for (JsonNode content : contents) {
      String role = content.path("role").asString("user");
      checks.that(
          Set.of("user", "model", "function").contains(role),
          "Please use a valid role: user, model.");
      JsonNode parts = content.path("parts");
      checks.that(parts.isArray() && !parts.isEmpty(), "contents.parts must not be empty.");
      int calls = 0;
      int responses = 0;
      for (JsonNode part : parts) {
        known(checks, part, PART, "contents.parts.");
        calls += part.has("functionCall") ? 1 : 0;
        responses += part.has("functionResponse") ? 1 : 0;
        JsonNode response = part.path("functionResponse");
        checks.that(
            response.isMissingNode()
                || (response.path("name").isString() && response.path("response").isObject()),
            "contents.parts.function_response is not valid.");
      }
      checks.that(
          open == responses,
          "Please ensure that the number of function response parts is equal to the number of"
              + " function call parts of the function call turn.");
      open = calls;
    }
    checks.that(
        open == 0,
        "Please ensure that function call turn comes immediately before a function response turn.");
  }

  private static void tools(Checks checks, JsonNode tools) {
    Set<String> names = new LinkedHashSet<>();
    for (JsonNode tool : tools) {
      for (JsonNode function : tool.path("functionDeclarations")) {
        String name = function.path("name").asString("");
        checks.toolName(name, "function_declarations.name");
        checks.that(names.add(name), "Duplicate function declaration found: " + name);
        if (function.has("parameters")) {
          checks.schemaOfObject(function.path("parameters"), "parameters");
        }
        if (function.has("parametersJsonSchema")) {
          checks.schemaOfObject(function.path("parametersJsonSchema"), "parameters_json_schema");
        }
      }
    }
  }
}
