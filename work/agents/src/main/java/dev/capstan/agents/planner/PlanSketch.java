package dev.capstan.agents.planner;

import dev.capstan.agents.CodeBlock;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanReader;
import dev.capstan.plan.ToolSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The few words of a plan that a model may say: steps that call tools, and an answer. Its schema
 * keeps to what every vendor's structured output takes: every field required, nothing open. So a
 * step's input, whose fields are the tool's own, is JSON in a text.
 */
final class PlanSketch {
  static final int MOST_STEPS = 100;
  private static final int LONGEST_TEXT = 200_000;
  private static final Set<String> FIELDS = Set.of("impossible", "name", "steps", "answer");
  private static final Set<String> STEP_FIELDS =
      Set.of("id", "tool", "input", "depends_on", "when", "foreach");

  /** What a sketch comes to. */
  sealed interface Made {
    record Good(Plan plan) implements Made {}

    /** The model says that these tools cannot do it. */
    record Impossible(String why) implements Made {}

    record Bad(List<Mistake> mistakes) implements Made {}
  }

  private final PlanReader reader;
  private final List<Mistake> mistakes = new ArrayList<>();

  private PlanSketch(PlanReader reader) {
    this.reader = reader;
  }

  /** JSON Schema of a sketch that calls these tools. */
  static JsonNode schema(List<ToolSpec> tools) {
    ObjectNode step = object("id", "tool", "input", "depends_on", "when", "foreach");
    text(step, "id", "Unique: letters, digits, _ and -.");
    var names = text(step, "tool", "Which tool the step calls.").putArray("enum");
    tools.forEach(tool -> names.add(tool.name()));
    text(step, "input", "The tool's input: a JSON object, written as text.");
    property(step, "depends_on", "array").putObject("items").put("type", "string");
    text(step, "when", "Empty, or a condition ${…} without which the step is skipped.");
    text(step, "foreach", "Empty, or a list ${…} whose items the step runs over.");
    ObjectNode sketch = object("impossible", "name", "steps", "answer");
    text(sketch, "impossible", "Empty, or why these tools cannot do what is asked.");
    text(sketch, "name", "What the plan does, in a few words.");
    property(sketch, "steps", "array").set("items", step);
    text(sketch, "answer", "What the person is told at the end, with ${…} for what came of steps.");
    return sketch;
  }

  private static ObjectNode object(String... required) {
    ObjectNode schema = Json.object().put("type", "object").put("additionalProperties", false);
    var names = schema.putArray("required");
    for (String name : required) {
      names.add(name);
    }
    return schema;
  }

  private static ObjectNode text(ObjectNode schema, String name, String description) {
    return property(schema, name, "string").put("description", description);
  }

  private static ObjectNode property(ObjectNode schema, String name, String type) {
    return schema.withObjectProperty("properties").putObject(name).put("type", type);
  }

  /** Reads what a model said; never throws for it. */
  static Made read(String said, PlanReader reader) {
    return new PlanSketch(reader).made(said);
  }

  private Made made(String said) {
    JsonNode sketch;
    try {
      sketch = parsed("", said);
    } catch (Refusal broken) {
      return new Made.Bad(broken.problem().mistakes());
    }
    String impossible = sketch.path("impossible").asString("");
    if (!impossible.isBlank()) {
      return new Made.Impossible(impossible.strip());
    }
    ObjectNode plan = plan(sketch);
    if (!mistakes.isEmpty()) {
      return new Made.Bad(mistakes);
    }
    return switch (reader.read(plan)) {
      case PlanReader.Read.Valid valid -> new Made.Good(valid.plan());
      case PlanReader.Read.Invalid invalid -> new Made.Bad(invalid.mistakes());
    };
  }

  /** An object; throws a {@link Refusal} with its mistakes. */
  private static JsonNode parsed(String path, String text) {
    String wrong;
    if (text.length() > LONGEST_TEXT) {
      wrong = "is longer than " + LONGEST_TEXT + " characters";
    } else {
      try {
        JsonNode value = Json.parse(CodeBlock.inside(text));
        if (value.isObject()) {
          return value;
        }
        wrong = "must be a JSON object";
      } catch (Refusal broken) {
        wrong = "is no JSON: " + broken.problem().detail();
      }
    }
    Mistake mistake = Mistake.at(path, (path.isEmpty() ? "the answer " : "") + wrong);
    throw Problem.of(ProblemCode.INVALID_PLAN, wrong, List.of(mistake)).refusal();
  }

  private ObjectNode plan(JsonNode sketch) {
    known(sketch, FIELDS, "");
    ObjectNode plan = Json.object();
    String name = sketch.path("name").asString("").strip();
    plan.put("name", name.isEmpty() ? "planned" : name.substring(0, Math.min(200, name.length())));
    JsonNode steps = sketch.path("steps");
    if (!steps.isArray() || steps.isEmpty()) {
      mistakes.add(Mistake.at("steps", "must be a list of at least one step"));
    } else if (steps.size() > MOST_STEPS) {
      mistakes.add(
          Mistake.at("steps", "are " + steps.size() + "; at most " + MOST_STEPS + " are run"));
    } else {
      var list = plan.putArray("steps");
      for (int i = 0; i < steps.size(); i++) {
        list.add(step(steps.get(i), "steps[" + i + "]"));
      }
    }
    String answer = sketch.path("answer").asString("");
    if (answer.isBlank()) {
      mistakes.add(Mistake.at("answer", "is missing"));
    }
    plan.putObject("outputs").put("answer", answer);
    return plan;
  }

  private ObjectNode step(JsonNode sketch, String path) {
    ObjectNode step = Json.object();
    if (!sketch.isObject()) {
      mistakes.add(Mistake.at(path, "must be an object"));
      return step;
    }
    known(sketch, STEP_FIELDS, path + ".");
    for (String field : List.of("id", "tool", "when", "foreach", "depends_on")) {
      JsonNode value = sketch.get(field);
      if (value != null && !isNothing(value)) {
        step.set(field, value);
      }
    }
    JsonNode input = input(sketch.get("input"), path + ".input");
    if (input != null) {
      step.set("input", input);
    }
    return step;
  }

  private static boolean isNothing(JsonNode value) {
    return value.isNull()
        || (value.isString() && value.stringValue().isBlank())
        || (value.isArray() && value.isEmpty());
  }

  private @Nullable JsonNode input(@Nullable JsonNode input, String path) {
    if (input == null || isNothing(input)) {
      return null;
    }
    if (!input.isString()) {
      return input;
    }
    try {
      return parsed(path, input.stringValue());
    } catch (Refusal broken) {
      mistakes.addAll(broken.problem().mistakes());
      return null;
    }
  }

  private void known(JsonNode object, Set<String> fields, String path) {
    for (String name : object.propertyNames()) {
      if (!fields.contains(name)) {
        String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
        mistakes.add(Mistake.at(path + shown, "is not known here"));
      }
    }
  }
}
