package dev.capstan.tools.todo;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.plan.ToolSpec;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the tenant's todos. Input: {@code {"action": "add", "text": "buy milk"}} and the other
 * actions of {@link TodoWords#SPEC}. Output: {@code {"action", "text", "todo"}}, or {@code
 * {"action", "text", "todos", "next_after"?}} of a list, where {@code text} says it in words.
 * Idempotent: the step's key goes to the store with whatever could do harm twice. An unknown id is
 * {@code not_found}.
 */
public final class TodoTool implements Tool {
  private static final int USUAL_PAGE = 50;

  /** What else each action takes. */
  private static final Map<String, Set<String>> TAKES =
      Map.of(
          "add", Set.of("text"),
          "list", Set.of("done", "after", "limit"),
          "get", Set.of("id"),
          "complete", Set.of("id"),
          "update", Set.of("id", "text", "done"),
          "delete", Set.of("id"));

  private final TodoStore store;
  private final InstantSource clock;

  public TodoTool(TodoStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  @Override
  public ToolSpec spec() {
    return TodoWords.SPEC;
  }

  @Override
  public Outcome call(ToolCall call) {
    JsonNode input = call.input();
    String action = input.path("action").asString("");
    List<Mistake> surplus = surplus(action, input);
    if (!surplus.isEmpty()) {
      return Outcome.failed(
          Problem.of(
              ProblemCode.INVALID_INPUT,
              action
                  + " does not take "
                  + String.join(", ", surplus.stream().map(Mistake::path).toList()),
              surplus));
    }
    try {
      return Outcome.completed(answer(action, input, call));
    } catch (Refusal refused) {
      return Outcome.failed(refused.problem());
    }
  }

  private static List<Mistake> surplus(String action, JsonNode input) {
    Set<String> takes = TAKES.getOrDefault(action, Set.of());
    List<Mistake> found = new ArrayList<>();
    for (String name : input.propertyNames()) {
      if (!name.equals("action") && !takes.contains(name)) {
        found.add(Mistake.at(name, "is not for the action " + action));
      }
    }
    return found;
  }

  private JsonNode answer(String action, JsonNode input, ToolCall call) {
    long id = input.path("id").asLong(0);
    String key = call.idempotencyKey();
    return switch (action) {
      case "add" ->
          TodoWords.said(
              "added", action, store.add(call.tenant(), text(input), key, clock.instant()));
      case "list" -> list(input, call);
      case "get" -> TodoWords.said("", action, present(store.find(call.tenant(), id), id));
      case "complete" ->
          TodoWords.said("completed", action, changed(call, id, new TodoChange(null, true)));
      case "update" -> TodoWords.said("updated", action, changed(call, id, change(input)));
      case "delete" ->
          TodoWords.said("deleted", action, present(store.delete(call.tenant(), id, key), id));
      default ->
          throw Problem.of(
                  ProblemCode.INVALID_INPUT,
                  "action must be one of add, list, get, complete, update, delete")
              .refusal();
    };
  }

  private JsonNode list(JsonNode input, ToolCall call) {
    TodoFilter filter =
        new TodoFilter(
            done(input), input.path("after").asLong(0), input.path("limit").asInt(USUAL_PAGE));
    TodoPage page = store.list(call.tenant(), filter);
    ObjectNode answer = Json.object().put("action", "list").put("text", TodoWords.lines(page));
    var todos = answer.putArray("todos");
    page.todos().forEach(todo -> todos.add(TodoWords.shown(todo)));
    if (page.more()) {
      answer.put("next_after", page.todos().getLast().id());
    }
    return answer;
  }

  private Todo changed(ToolCall call, long id, TodoChange change) {
    return present(store.update(call.tenant(), id, change, clock.instant()), id);
  }

  private static TodoChange change(JsonNode input) {
    return new TodoChange(input.has("text") ? text(input) : null, done(input));
  }

  private static @Nullable Boolean done(JsonNode input) {
    return input.has("done") ? input.path("done").asBoolean() : null;
  }

  private static String text(JsonNode input) {
    return TodoWords.clean(input.path("text").asString(""));
  }

  private static Todo present(Optional<Todo> found, long id) {
    return found.orElseThrow(() ->
        Problem.of(
                ProblemCode.NOT_FOUND,
                "there is no todo " + id + "; the action list shows those there are")
            .refusal());
  }
}
