package dev.capstan.journal;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.plan.Foreach;
import dev.capstan.plan.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What an expression of a run sees at this moment. */
final class StateScope implements Scope {
  private final RunState state;
  private final Map<String, JsonNode> locals;

  private StateScope(RunState state, Map<String, JsonNode> locals) {
    this.state = state;
    this.locals = locals;
  }

  static Scope of(RunState state, @Nullable StepState item) {
    if (item == null || !item.ref().isItem()) {
      return new StateScope(state, Map.of());
    }
    JsonNode value =
        item.whole == null ? Json.nothing() : items(state, item.whole).get(item.ref().item());
    return new StateScope(state, Map.of("item", value, "index", Json.number(item.ref().item())));
  }

  /** The list that a {@code foreach} step runs over, evaluated once. */
  static List<JsonNode> items(RunState state, StepState whole) {
    List<JsonNode> values = whole.itemValues;
    Foreach foreach = whole.step().foreach();
    if (values == null && foreach != null) {
      values = list(foreach.items().evaluate(of(state, null)));
      whole.itemValues = values;
    }
    return values == null ? List.of() : values;
  }

  private static List<JsonNode> list(JsonNode value) {
    if (value.isArray() && value.size() <= Foreach.MOST_ITEMS) {
      return List.copyOf(value.values());
    }
    String found =
        value.isArray()
            ? value.size() + " items"
            : value.getNodeType().toString().toLowerCase(Locale.ROOT);
    String wanted = "foreach needs a list of at most " + Foreach.MOST_ITEMS + " items and got ";
    throw Problem.of(ProblemCode.EXPRESSION_FAILED, wanted + found).refusal();
  }

  /** The scope of a loop's inputs and guard. */
  static Scope ofRound(
      RunState state, @Nullable StepState item, int iteration, @Nullable JsonNode last) {
    StateScope outer = (StateScope) of(state, item);
    Map<String, JsonNode> locals = new HashMap<>(outer.locals);
    locals.put("iteration", Json.number(iteration));
    locals.put("last", last == null ? Json.nothing() : last);
    return new StateScope(state, locals);
  }

  @Override
  public Optional<JsonNode> stepOutput(String stepId) {
    return state.plan().has(stepId)
        ? Optional.ofNullable(state.step(stepId).output())
        : Optional.empty();
  }

  @Override
  public Optional<JsonNode> root(String name) {
    JsonNode local = locals.get(name);
    if (local != null) {
      return Optional.of(local);
    }
    return switch (name) {
      case "inputs" -> Optional.of(state.inputs());
      case "run" -> Optional.of(run());
      default -> Optional.empty();
    };
  }

  private JsonNode run() {
    return Json.object().put("id", state.run().toString()).put("tenant", state.tenant().value());
  }

  @Override
  public JsonNode whole() {
    ObjectNode all = Json.object();
    all.set("inputs", state.inputs());
    all.set("run", run());
    ObjectNode steps = all.putObject("steps");
    for (StepState step : state.steps()) {
      JsonNode output = step.output();
      if (output != null) {
        steps.putObject(step.step().id()).set("output", output);
      }
    }
    locals.forEach(all::set);
    return all;
  }
}
