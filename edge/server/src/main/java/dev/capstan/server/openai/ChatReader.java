package dev.capstan.server.openai;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.llm.Origin;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolChoice;
import dev.capstan.llm.chat.ToolOffer;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads the body of {@code POST /v1/chat/completions}; fields that we do not know are let be. */
final class ChatReader {
  private static final int MOST_TOKENS = 10_000_000;
  private static final int MOST_STOPS = 4;
  private static final int LONGEST_WHO = 64;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final Given body;

  private ChatReader(ObjectNode body) {
    this.body = new Given(body, "");
  }

  /**
   * Throws a {@link Refusal} of {@code invalid_request} for the first field that is wrong.
   *
   * @param hasEscapes whether its text has characters written as numbers
   */
  static Chat read(ObjectNode body, TenantId tenant, boolean hasEscapes) {
    ChatReader reader = new ChatReader(body);
    if (hasEscapes) {
      reader.requireWhole(body);
    }
    return reader.chat(tenant);
  }

  private Chat chat(TenantId tenant) {
    String model = body.field("model").text();
    Integer n = body.field("n").integer(1, 128);
    if (n != null && n != 1) {
      throw body.field("n").wrong("must be 1: one question has one answer here");
    }
    if (!body.field("functions").isAbsent()) {
      throw body.field("functions").wrong("is the old form; send 'tools'");
    }
    List<ToolOffer> tools = tools();
    return new Chat(
        origin(tenant),
        model,
        MessageReader.read(body.field("messages")),
        tools,
        sampling(tools),
        format(body.field("response_format")),
        body.field("stream").truth(false),
        body.field("stream_options").field("include_usage").truth(false));
  }

  /** Half of a surrogate pair can be written as an escape, and can be sent to nobody as UTF-8. */
  private void requireWhole(JsonNode value) {
    if (value.isString() && !isWhole(value.stringValue())) {
      throw body.wrong("holds half of a surrogate pair");
    }
    for (JsonNode child : value.values()) {
      requireWhole(child);
    }
    for (String name : value.propertyNames()) {
      if (!isWhole(name)) {
        throw body.wrong("holds half of a surrogate pair in a name");
      }
    }
  }

  private static boolean isWhole(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (!Character.isHighSurrogate(text.charAt(i))
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  /**
   * Who asks, by their own word: there is no sign-in yet, and whoever may ask at all is the person
   * at this machine.
   */
  private Origin origin(TenantId tenant) {
    Given metadata = body.field("metadata");
    if (!metadata.isAbsent()) {
      metadata.object();
    }
    return new Origin(
        tenant,
        run(metadata.field("run")),
        who(metadata.field("step")),
        who(metadata.field("agent")),
        who(body.field("user")));
  }

  private static @Nullable RunId run(Given run) {
    if (run.isAbsent()) {
      return null;
    }
    try {
      return RunId.parse(run.text());
    } catch (Refusal noId) {
      throw run.wrong("must be a run's id");
    }
  }

  private static String who(Given name) {
    String text = name.textOr("");
    if (text.length() > LONGEST_WHO || text.chars().anyMatch(c -> c < 0x20 || c == 0x7f)) {
      throw name.wrong("must be at most " + LONGEST_WHO + " printable characters");
    }
    return text;
  }

  private List<ToolOffer> tools() {
    List<ToolOffer> tools = new ArrayList<>();
    for (Given tool : body.field("tools").items()) {
      if (!tool.object().field("type").text().equals("function")) {
        throw tool.field("type").wrong("must be function");
      }
      Given function = tool.field("function").object();
      Given parameters = function.field("parameters");
      tools.add(
          new ToolOffer(
              name(function.field("name")),
              function.field("description").textOr(""),
              parameters.isAbsent() ? noParameters() : parameters.object().value()));
    }
    return tools;
  }

  private static JsonNode noParameters() {
    return Json.object().put("type", "object").set("properties", Json.object());
  }

  private static String name(Given name) {
    String text = name.text();
    if (!NAME.matcher(text).matches()) {
      throw name.wrong("must be 1 to 64 letters, digits, _ and -");
    }
    return text;
  }

  private Sampling sampling(List<ToolOffer> tools) {
    Integer most = body.field("max_completion_tokens").integer(1, MOST_TOKENS);
    return new Sampling(
        most == null ? body.field("max_tokens").integer(1, MOST_TOKENS) : most,
        body.field("temperature").decimal(0, 2),
        body.field("top_p").decimal(0, 1),
        body.field("seed").number(),
        stops(body.field("stop")),
        choice(body.field("tool_choice"), tools),
        body.field("parallel_tool_calls").truth(true));
  }

  private static List<String> stops(Given stop) {
    if (stop.value().isString()) {
      return List.of(stop.text());
    }
    List<String> stops = stop.items().stream().map(Given::text).toList();
    if (stops.size() > MOST_STOPS) {
      throw stop.wrong("may hold at most " + MOST_STOPS + " texts");
    }
    return stops;
  }

  private static ToolChoice choice(Given choice, List<ToolOffer> tools) {
    if (choice.isAbsent()) {
      return new ToolChoice.Auto();
    }
    if (choice.value().isObject()) {
      Given place = choice.field("function").object().field("name");
      String tool = place.text();
      if (tools.stream().noneMatch(offer -> offer.name().equals(tool))) {
        throw place.wrong("names no tool of 'tools'");
      }
      return new ToolChoice.Named(tool);
    }
    return switch (choice.text()) {
      case "auto" -> new ToolChoice.Auto();
      case "none" -> new ToolChoice.None();
      case "required" -> required(choice, tools);
      default -> throw choice.wrong("must be none, auto, required or a function by its name");
    };
  }

  private static ToolChoice required(Given choice, List<ToolOffer> tools) {
    if (tools.isEmpty()) {
      throw choice.wrong("asks for a tool, and there are no 'tools'");
    }
    return new ToolChoice.Required();
  }

  private static AnswerFormat format(Given format) {
    if (format.isAbsent()) {
      return new AnswerFormat.FreeText();
    }
    return switch (format.object().field("type").text()) {
      case "text" -> new AnswerFormat.FreeText();
      case "json_object" -> new AnswerFormat.JsonObject();
      case "json_schema" -> schema(format.field("json_schema").object());
      default -> throw format.field("type").wrong("must be text, json_object or json_schema");
    };
  }

  private static AnswerFormat schema(Given schema) {
    return new AnswerFormat.BySchema(
        name(schema.field("name")),
        schema.field("schema").object().value(),
        schema.field("strict").truth(false));
  }
}
