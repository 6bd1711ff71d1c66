package dev.capstan.twin;

import dev.capstan.kernel.Json;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Whose chat completions the twin gives, by {@link Ask#place}: not all are as OpenAI's. */
enum ChatHouse {
  /** Keeps its thoughts to itself. */
  OPENAI,
  /** Thinks aloud in a field, and wants its thoughts back with the tools' results. */
  DEEPSEEK,
  /** Thinks in parts of its content, and refuses what it does not know. */
  MISTRAL;

  private static final Set<String> MISTRALS =
      Set.of(
          "model",
          "messages",
          "frequency_penalty",
          "max_tokens",
          "metadata",
          "n",
          "parallel_tool_calls",
          "prediction",
          "presence_penalty",
          "prompt_mode",
          "random_seed",
          "response_format",
          "safe_prompt",
          "stop",
          "stream",
          "temperature",
          "tool_choice",
          "tools",
          "top_p");

  static ChatHouse of(Ask ask) {
    return switch (ask.place()) {
      case "deepseek" -> DEEPSEEK;
      case "mistral" -> MISTRAL;
      default -> OPENAI;
    };
  }

  /** What it would not accept; null when it is in order. */
  Desk.@Nullable Refused check(JsonNode body) {
    Desk.Refused own =
        switch (this) {
          case OPENAI -> null;
          case DEEPSEEK -> thoughtless(body.path("messages"));
          case MISTRAL -> unknown(body);
        };
    if (own != null) {
      return own;
    }
    Checks checks = ChatCheck.of(body, this == MISTRAL ? MISTRALS : ChatCheck.FIELDS);
    return checks.passed() ? null : OpenAiDenials.mistake(checks.first());
  }

  private static Desk.@Nullable Refused thoughtless(JsonNode messages) {
    for (int i = 0; i < messages.size(); i++) {
      JsonNode message = messages.get(i);
      if (message.has("tool_calls") && !message.path("reasoning_content").isString()) {
        return OpenAiDenials.mistake(
            "Missing `reasoning_content` field in the assistant message at message index " + i);
      }
    }
    return null;
  }

  private static Desk.@Nullable Refused unknown(JsonNode body) {
    for (String name : body.propertyNames()) {
      if (!MISTRALS.contains(name)) {
        return extra("body", name);
      }
    }
    for (JsonNode message : body.path("messages")) {
      if (message.has("reasoning_content") || message.has("reasoning")) {
        return extra("messages", "reasoning_content");
      }
      for (JsonNode call : message.path("tool_calls")) {
        String id = call.path("id").asString("");
        if (!id.matches("[a-zA-Z0-9]{9}")) {
          String rule = " but must be a-z, A-Z, 0-9, with a length of 9.";
          return refused(400, Json.object().put("message", "Tool call id was " + id + rule));
        }
      }
    }
    return null;
  }

  private static Desk.Refused extra(String place, String name) {
    ObjectNode body = Json.object();
    ObjectNode wrong = body.putObject("message").putArray("detail").addObject();
    wrong.put("type", "extra_forbidden").put("msg", "Extra inputs are not permitted");
    wrong.putArray("loc").add(place).add(name);
    return refused(422, body);
  }

  private static Desk.Refused refused(int status, ObjectNode body) {
    body.put("object", "error").put("type", "invalid_request_error").putNull("code");
    return Desk.Refused.json(status, Map.of(), body.toString());
  }

  /** The names of an answer's tool requests, in order. */
  List<String> callIds(Turn turn) {
    List<String> ids = turn.callIds("call_");
    return this != MISTRAL
        ? ids
        : ids.stream().map(id -> "%09x".formatted(id.hashCode() & 0xffffffffL)).toList();
  }

  /** Adds what it thinks to a message, or to a piece of one. */
  void think(ObjectNode message, String thought) {
    switch (this) {
      case OPENAI -> {}
      case DEEPSEEK -> message.put("reasoning_content", thought);
      case MISTRAL -> {
        JsonNode said = message.path("content");
        ArrayNode parts = message.putArray("content");
        ArrayNode thinking = parts.addObject().put("type", "thinking").putArray("thinking");
        thinking.addObject().put("type", "text").put("text", thought);
        if (said.isString()) {
          parts.addObject().put("type", "text").put("text", said.stringValue());
        }
      }
    }
  }
}
