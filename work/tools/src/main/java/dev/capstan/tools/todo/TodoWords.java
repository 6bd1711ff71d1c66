package dev.capstan.tools.todo;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.plan.Effect;
import dev.capstan.plan.ToolSpec;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What the todo tool takes and says. */
final class TodoWords {
  static final ToolSpec SPEC =
      new ToolSpec(
          "todo",
          "Adds, lists, shows, completes, updates and deletes todos.",
          Json.parse(
              """
              {"type": "object", "required": ["action"], "additionalProperties": false,
               "properties": {
                 "action": {"enum": ["add", "list", "get", "complete", "update", "delete"]},
                 "id": {"type": "integer", "minimum": 1, "maximum": 9007199254740991},
                 "text": {"type": "string", "minLength": 1, "maxLength": 1000},
                 "done": {"type": "boolean",
                   "description": "list: only those done, or only those open; update: the new state"},
                 "after": {"type": "integer", "minimum": 0, "maximum": 9007199254740991,
                   "description": "list: only greater ids; next_after of the page before"},
                 "limit": {"type": "integer", "minimum": 1, "maximum": 200}},
               "allOf": [
                 {"if": {"required": ["action"], "properties": {"action": {"const": "add"}}},
                  "then": {"required": ["text"]}},
                 {"if": {"required": ["action"],
                    "properties": {"action": {"enum": ["get", "complete", "update", "delete"]}}},
                  "then": {"required": ["id"]}},
                 {"if": {"required": ["action"], "properties": {"action": {"const": "update"}},
                    "not": {"required": ["done"]}},
                  "then": {"required": ["text"]}}]}
              """),
          Json.parse(
              """
              {"type": "object", "required": ["action", "text"], "additionalProperties": false,
               "properties": {
                 "action": {"type": "string"},
                 "text": {"type": "string", "description": "what was done, or the list, in words"},
                 "todo": {"$ref": "#/$defs/todo"},
                 "todos": {"type": "array", "items": {"$ref": "#/$defs/todo"}},
                 "next_after": {"type": "integer"}},
               "$defs": {"todo": {"type": "object", "additionalProperties": false,
                 "required": ["id", "text", "done", "created_at", "updated_at"],
                 "properties": {"id": {"type": "integer"}, "text": {"type": "string"},
                   "done": {"type": "boolean"}, "created_at": {"type": "string"},
                   "updated_at": {"type": "string"}}}}}
              """),
          Effect.IDEMPOTENT);

  private TodoWords() {}

  /** {@code {"action": "add", "text": "added todo 3: buy milk", "todo": {…}}}. */
  static JsonNode said(String verb, String action, Todo todo) {
    String line = "todo " + todo.id() + ": " + todo.text();
    String mark = verb.isEmpty() && todo.done() ? " (done)" : "";
    ObjectNode answer =
        Json.object()
            .put("action", action)
            .put("text", (verb.isEmpty() ? "" : verb + " ") + line + mark);
    answer.set("todo", shown(todo));
    return answer;
  }

  static ObjectNode shown(Todo todo) {
    return Json.object()
        .put("id", todo.id())
        .put("text", todo.text())
        .put("done", todo.done())
        .put("created_at", todo.createdAt().toString())
        .put("updated_at", todo.updatedAt().toString());
  }

  static String lines(TodoPage page) {
    if (page.todos().isEmpty()) {
      return "no todos";
    }
    String lines =
        page.todos().stream()
            .map(todo -> todo.id() + ". " + todo.text() + (todo.done() ? " (done)" : ""))
            .collect(Collectors.joining("\n"));
    return page.more() ? lines + "\n…" : lines;
  }

  /**
   * One line without blank ends. Throws a {@link dev.capstan.kernel.Refusal} of {@code
   * invalid_input} for what no store can be asked to keep.
   */
  static String clean(String text) {
    String line = text.strip().replaceAll("[\\r\\n\\t]+", " ");
    boolean unfit =
        line.codePoints()
            .anyMatch(
                c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    if (line.isEmpty() || unfit || line.codePointCount(0, line.length()) > Todo.LONGEST_TEXT) {
      String what =
          line.isEmpty()
              ? "is blank"
              : unfit ? "holds control characters" : "is longer than " + Todo.LONGEST_TEXT;
      throw Problem.of(
              ProblemCode.INVALID_INPUT,
              "the text of the todo " + what,
              List.of(Mistake.at("text", what)))
          .refusal();
    }
    return line;
  }
}
