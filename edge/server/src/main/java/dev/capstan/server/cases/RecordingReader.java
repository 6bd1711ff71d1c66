package dev.capstan.server.cases;

import dev.capstan.agents.replay.Asked;
import dev.capstan.agents.replay.RecordedAnswer;
import dev.capstan.agents.replay.RecordedNote;
import dev.capstan.agents.replay.RecordedResult;
import dev.capstan.agents.replay.Recording;
import dev.capstan.engine.step.Outcome;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Reading;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.chat.Usage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what models and tools answered. */
final class RecordingReader {
  private static final List<String> ANSWER =
      List.of(
          "step",
          "attempt",
          "agent",
          "turn",
          "asked",
          "says",
          "calls",
          "finish",
          "usage",
          "provider",
          "model",
          "cost",
          "failed");
  private static final List<String> RESULT =
      List.of("step", "call", "tool", "input", "output", "failed");
  private static final List<String> CODES =
      Arrays.stream(ProblemCode.values()).map(ProblemCode::wireName).toList();

  private final Reading reading;

  RecordingReader(Reading reading) {
    this.reading = reading;
  }

  Recording read(JsonNode root) {
    List<RecordedAnswer> answers = new ArrayList<>();
    List<RecordedResult> results = new ArrayList<>();
    At at = At.ROOT.field("answers");
    List<JsonNode> written = list(root.get("answers"), at);
    for (int i = 0; i < written.size(); i++) {
      answer(written.get(i), at.item(i)).ifPresent(answers::add);
    }
    at = At.ROOT.field("results");
    written = list(root.get("results"), at);
    for (int i = 0; i < written.size(); i++) {
      result(written.get(i), at.item(i)).ifPresent(results::add);
    }
    at = At.ROOT.field("notes");
    written = list(root.get("notes"), at);
    List<RecordedNote> notes = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      note(written.get(i), at.item(i)).ifPresent(notes::add);
    }
    return new Recording(answers, results, notes);
  }

  private List<JsonNode> list(@Nullable JsonNode value, At at) {
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      reading.wrong(value, at, "a list");
      return List.of();
    }
    return List.copyOf(value.values());
  }

  private String needed(JsonNode node, String name, At at) {
    String text = reading.text(node.get(name), at.field(name));
    if (text == null && !node.has(name)) {
      reading.findings().add(at, "there is no " + name);
    }
    return text == null ? "" : text;
  }

  private String text(JsonNode node, String name, At at) {
    String text = reading.text(node.get(name), at.field(name));
    return text == null ? "" : text;
  }

  /** What was said, however long it is. */
  private String words(JsonNode node, String name, At at) {
    JsonNode value = node.get(name);
    if (value != null && !value.isString()) {
      reading.wrong(value, at.field(name), "a text");
    }
    return value == null ? "" : value.asString("");
  }

  // --- answers of models ---

  private Optional<RecordedAnswer> answer(JsonNode node, At at) {
    if (!reading.object(node, at, ANSWER)) {
      return Optional.empty();
    }
    String step = needed(node, "step", at);
    int attempt = reading.integer(node.get("attempt"), at.field("attempt"), 1, 10_000, 1);
    Asked asked =
        node.has("asked")
            ? new Asked(
                text(node, "agent", at),
                reading.integer(node.get("turn"), at.field("turn"), 1, 100_000, 1),
                words(node, "asked", at).strip())
            : null;
    if (node.has("failed")) {
      return Optional.of(
          new RecordedAnswer(
              step,
              attempt,
              null,
              asked,
              new RecordedAnswer.Fell(problem(node.get("failed"), at))));
    }
    if (!node.has("says") && !node.has("calls")) {
      reading.findings().add(at, "it neither says nor calls anything, and has not failed");
    }
    Message.Assistant message =
        new Message.Assistant(words(node, "says", at), calls(node.get("calls"), at), null);
    FinishReason usual =
        message.toolRequests().isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS;
    return Optional.of(
        new RecordedAnswer(
            step,
            attempt,
            null,
            asked,
            new RecordedAnswer.Spoke(
                message,
                reading.oneOf(node.get("finish"), at.field("finish"), usual, FinishReason.class),
                usage(node.get("usage"), at.field("usage")),
                text(node, "provider", at),
                text(node, "model", at),
                money(node.get("cost"), at.field("cost")))));
  }

  private List<ToolRequest> calls(@Nullable JsonNode value, At answer) {
    At at = answer.field("calls");
    List<ToolRequest> calls = new ArrayList<>();
    List<JsonNode> written = list(value, at);
    for (int i = 0; i < written.size(); i++) {
      JsonNode call = written.get(i);
      At place = at.item(i);
      if (reading.object(call, place, List.of("id", "tool", "arguments"))) {
        JsonNode arguments = call.get("arguments");
        calls.add(
            new ToolRequest(
                call.has("id") ? text(call, "id", place) : "call_" + (i + 1),
                needed(call, "tool", place),
                arguments == null
                    ? "{}"
                    : arguments.isString() ? arguments.stringValue() : Json.write(arguments)));
      }
    }
    return calls;
  }

  private Usage usage(@Nullable JsonNode node, At at) {
    List<String> kinds = List.of("input", "cached", "written", "output", "reasoning");
    if (node == null || !reading.object(node, at, kinds)) {
      return Usage.NONE;
    }
    long[] tokens =
        kinds.stream()
            .mapToLong(
                kind -> reading.integer(node.get(kind), at.field(kind), 0, Integer.MAX_VALUE, 0))
            .toArray();
    return new Usage(tokens[0], tokens[1], tokens[2], tokens[3], tokens[4], true);
  }

  Money money(@Nullable JsonNode value, At at) {
    if (value == null) {
      return Money.ZERO;
    }
    try {
      if (value.isString() || value.isNumber()) {
        return Money.dollars(value.asString(""));
      }
      reading.wrong(value, at, "dollars, such as 0.25");
    } catch (Refusal broken) {
      reading.findings().add(at, broken.problem().detail());
    }
    return Money.ZERO;
  }

  private Problem problem(JsonNode node, At at) {
    At place = at.field("failed");
    if (!reading.object(node, place, List.of("code", "detail", "again"))) {
      return Problem.of(ProblemCode.TOOL_FAILED, "");
    }
    String code = needed(node, "code", place);
    if (!code.isEmpty() && !CODES.contains(code)) {
      reading
          .findings()
          .add(
              place.field("code"),
              "'" + Reading.shortened(code) + "' is no problem's code",
              dev.capstan.kernel.document.Spelling.suggestion(code, CODES));
    }
    return Problem.of(ProblemCode.ofWireName(code), text(node, "detail", place));
  }

  // --- what agents had kept ---

  private Optional<RecordedNote> note(JsonNode node, At at) {
    if (!reading.object(node, at, List.of("step", "key", "value"))) {
      return Optional.empty();
    }
    JsonNode value = node.get("value");
    return Optional.of(
        new RecordedNote(
            needed(node, "step", at),
            needed(node, "key", at),
            value == null ? Json.nothing() : value));
  }

  // --- results of tools ---

  private Optional<RecordedResult> result(JsonNode node, At at) {
    if (!reading.object(node, at, RESULT)) {
      return Optional.empty();
    }
    if (node.has("failed") == node.has("output")) {
      reading.findings().add(at, "it should have either an output or failed");
    }
    Outcome outcome =
        node.has("failed")
            ? new Outcome.Failed(
                problem(node.get("failed"), at),
                reading.truth(
                    node.path("failed").get("again"), at.field("failed").field("again"), false))
            : Outcome.completed(node.has("output") ? node.get("output") : Json.nothing());
    return Optional.of(
        new RecordedResult(
            needed(node, "step", at),
            text(node, "call", at),
            needed(node, "tool", at),
            node.get("input"),
            outcome));
  }
}
