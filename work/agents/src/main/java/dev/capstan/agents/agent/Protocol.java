package dev.capstan.agents.agent;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.tools.SchemaCheck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * How a manager and its workers speak: it gives somebody a piece of the task, it says what is
 * missing in a result, it says that it is done. Each has a schema that is checked.
 */
final class Protocol {
  /** What a manager wishes. */
  sealed interface Wish {
    record Delegate(String agent, Assignment piece) implements Wish {}

    record AskAgain(int delegation, String remarks) implements Wish {}

    /**
     * @param answer as text, or as JSON in one
     */
    record Finish(String answer) implements Wish {}

    /** It is none, for this reason. */
    record Unclear(String why) implements Wish {}
  }

  static final String DELEGATE = "delegate";
  static final String ASK_AGAIN = "ask_again";
  static final String FINISH = "finish";

  private static final Pattern ANSWER = Pattern.compile("\\s*\\{\\s*\"answer\"\\s*:\\s*");

  /** Characters of the longest escape in a text that may be cut: {@code \ud83d} less one. */
  private static final int LONGEST_RAGGED_END = 5;

  private final Map<String, ToolOffer> offers = new LinkedHashMap<>();
  private final Map<String, SchemaCheck> checks = new LinkedHashMap<>();
  private final boolean text;

  /**
   * @param agents who may be asked
   * @param answer the schema of the manager's answer; null for text
   */
  Protocol(List<String> agents, @Nullable JsonNode answer) {
    this.text = answer == null;
    ObjectNode delegate = Json.object();
    ArrayNode names = delegate.putObject("agent").put("type", "string").putArray("enum");
    agents.forEach(names::add);
    text(delegate, "task", "what to do, with all that must be known for it");
    text(delegate, "expected_output", "what a good result looks like");
    text(delegate, "context", "what is known so far, such as others' results");
    offer(DELEGATE, "Gives a piece of the task to somebody.", delegate, "agent", "task");
    ObjectNode again = Json.object();
    again
        .putObject("delegation")
        .put("type", "integer")
        .put("minimum", 1)
        .put("description", "the number of the delegation");
    text(again, "remarks", "what is wrong or missing");
    offer(ASK_AGAIN, "Sends a result back to who gave it.", again, "delegation", "remarks");
    ObjectNode finish = Json.object();
    if (answer == null) {
      text(finish, "answer", "the answer in full");
    } else {
      finish.set("answer", answer);
    }
    offer(FINISH, "Says that the task is done, and hands over the answer.", finish, "answer");
  }

  private static void text(ObjectNode properties, String name, String description) {
    properties
        .putObject(name)
        .put("type", "string")
        .put("minLength", 1)
        .put("description", description);
  }

  private void offer(String name, String description, ObjectNode properties, String... required) {
    ObjectNode schema = Json.object().put("type", "object");
    schema.set("properties", properties);
    List.of(required).forEach(schema.putArray("required")::add);
    schema.put("additionalProperties", false);
    offers.put(name, new ToolOffer(name, description, schema));
    checks.put(name, SchemaCheck.of(schema));
  }

  List<ToolOffer> offers() {
    return List.copyOf(offers.values());
  }

  Wish read(ToolRequest request) {
    SchemaCheck check = checks.get(request.tool());
    if (check == null) {
      return new Wish.Unclear(
          "there is no tool '" + request.tool() + "'; you may use: " + offers.keySet());
    }
    JsonNode wish;
    try {
      wish = Json.parse(request.arguments());
    } catch (Refusal broken) {
      return new Wish.Unclear("the arguments are no JSON: " + broken.problem().detail());
    }
    List<Mistake> mistakes = check.mistakes(wish);
    if (!mistakes.isEmpty()) {
      return new Wish.Unclear(
          mistakes.stream().map(Mistake::toString).collect(Collectors.joining("; ")));
    }
    return wish(request.tool(), wish);
  }

  /** The answer that a call began to say before it broke off; empty when it did not. */
  Optional<String> begunAnswer(ToolRequest broken) {
    Matcher beginning = ANSWER.matcher(broken.arguments());
    if (!broken.tool().equals(FINISH) || !beginning.lookingAt()) {
      return Optional.empty();
    }
    String rest = broken.arguments().substring(beginning.end());
    return text ? begunText(rest) : Optional.of(rest);
  }

  private static Optional<String> begunText(String rest) {
    for (int drop = 0; drop <= Math.min(LONGEST_RAGGED_END, rest.length() - 1); drop++) {
      try {
        JsonNode read = Json.parse(rest.substring(0, rest.length() - drop) + '"');
        return read.isString() ? Optional.of(read.stringValue()) : Optional.empty();
      } catch (Refusal ragged) {
        // It broke off within an escape: without that it is a text.
      }
    }
    return Optional.empty();
  }

  private Wish wish(String tool, JsonNode wish) {
    return switch (tool) {
      case DELEGATE ->
          new Wish.Delegate(
              wish.path("agent").stringValue(),
              new Assignment(
                  wish.path("task").stringValue(),
                  wish.has("expected_output") ? wish.path("expected_output").stringValue() : null,
                  wish.has("context") ? List.of(wish.path("context")) : null,
                  null));
      case ASK_AGAIN ->
          new Wish.AskAgain(wish.path("delegation").intValue(), wish.path("remarks").stringValue());
      default -> {
        JsonNode answer = wish.path("answer");
        yield new Wish.Finish(text ? answer.stringValue() : Json.write(answer));
      }
    };
  }
}
