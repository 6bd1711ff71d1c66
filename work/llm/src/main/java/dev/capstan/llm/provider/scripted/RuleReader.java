package dev.capstan.llm.provider.scripted;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Reading;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.provider.FaultKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one rule of a script. */
final class RuleReader {
  private static final List<String> FIELDS =
      List.of(
          "match",
          "say",
          "json",
          "tools",
          "usage",
          "delay",
          "fault",
          "retry_after",
          "broken",
          "times");
  private static final List<String> MATCH =
      List.of("text", "pattern", "turn", "agent", "model", "tool_result");
  private static final int MOST_TOKENS = 100_000_000;

  private final Reading reading;

  RuleReader(Reading reading) {
    this.reading = reading;
  }

  @Nullable Rule read(JsonNode node, At at) {
    if (!reading.object(node, at, FIELDS)) {
      return null;
    }
    JsonNode fault = node.get("fault");
    JsonNode usage = node.path("usage");
    At counted = at.field("usage");
    if (node.has("usage")) {
      reading.object(usage, counted, List.of("input", "cached", "output"));
    }
    return new Rule(
        match(node.path("match"), at.field("match")),
        said(node, at),
        tools(node.path("tools"), at.field("tools")),
        tokens(usage.get("input"), counted.field("input")),
        reading.integer(usage.get("cached"), counted.field("cached"), 0, MOST_TOKENS, 0),
        tokens(usage.get("output"), counted.field("output")),
        orZero(reading.duration(node.get("delay"), at.field("delay"))),
        fault == null
            ? null
            : reading.oneOf(fault, at.field("fault"), FaultKind.SERVER_ERROR, FaultKind.class),
        reading.duration(node.get("retry_after"), at.field("retry_after")),
        reading.truth(node.get("broken"), at.field("broken"), false),
        reading.integer(node.get("times"), at.field("times"), 1, Integer.MAX_VALUE, 0));
  }

  private static Duration orZero(@Nullable Duration duration) {
    return duration == null ? Duration.ZERO : duration;
  }

  private @Nullable Long tokens(@Nullable JsonNode value, At at) {
    return value == null ? null : (long) reading.integer(value, at, 0, MOST_TOKENS, 0);
  }

  private String said(JsonNode node, At at) {
    if (node.has("json")) {
      if (node.has("say")) {
        reading.findings().add(at, "a rule says either text or json");
      }
      return Json.write(node.path("json"));
    }
    return textOr(node.get("say"), at.field("say"));
  }

  private Rule.Match match(JsonNode node, At at) {
    if (node.isMissingNode()) {
      return new Rule.Match("", null, 0, "", "", "");
    }
    if (!reading.object(node, at, MATCH)) {
      return new Rule.Match("", null, 0, "", "", "");
    }
    return new Rule.Match(
        textOr(node.get("text"), at.field("text")),
        pattern(node.get("pattern"), at.field("pattern")),
        reading.integer(node.get("turn"), at.field("turn"), 1, 100_000, 0),
        textOr(node.get("agent"), at.field("agent")),
        textOr(node.get("model"), at.field("model")),
        textOr(node.get("tool_result"), at.field("tool_result")));
  }

  private @Nullable Pattern pattern(@Nullable JsonNode value, At at) {
    String text = reading.text(value, at);
    if (text == null) {
      return null;
    }
    try {
      return Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
    } catch (PatternSyntaxException wrong) {
      reading.findings().add(at, "this is no regular expression: " + wrong.getDescription());
      return null;
    }
  }

  /** Their ids are made when they are asked for. */
  private List<ToolRequest> tools(JsonNode list, At at) {
    List<ToolRequest> tools = new ArrayList<>();
    if (list.isMissingNode()) {
      return tools;
    }
    if (!list.isArray()) {
      reading.wrong(list, at, "a list of tool requests");
      return tools;
    }
    for (int i = 0; i < list.size(); i++) {
      JsonNode request = list.path(i);
      At place = at.item(i);
      if (!reading.object(request, place, List.of("tool", "arguments"))) {
        continue;
      }
      String tool = textOr(request.get("tool"), place.field("tool"));
      if (tool.isEmpty()) {
        reading.findings().add(place, "a tool request names its tool");
      }
      JsonNode arguments = request.path("arguments");
      // A text is sent as it is, so that a script can also play a model that writes bad JSON.
      String written =
          arguments.isMissingNode()
              ? "{}"
              : arguments.isString() ? arguments.stringValue() : Json.write(arguments);
      tools.add(new ToolRequest("", tool, written));
    }
    return tools;
  }

  private String textOr(@Nullable JsonNode value, At at) {
    String text = reading.text(value, at);
    return text == null ? "" : text;
  }
}
