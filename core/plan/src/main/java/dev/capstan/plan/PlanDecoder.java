package dev.capstan.plan;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** From a document to a draft of a plan; every mistake of form goes to the findings. */
final class PlanDecoder {
  static final int DEEPEST = 8;
  static final int MOST_STEPS = 100_000;
  private static final Set<String> FIELDS =
      Set.of(
          "name",
          "description",
          "inputs",
          "steps",
          "outputs",
          "max_parallel",
          "deadline",
          "allow_partial_completion",
          "cost_budget");
  private static final Set<String> INPUT_FIELDS =
      Set.of("type", "required", "default", "description");

  private final Reading reading;
  private final ExpressionReading expressions;
  private final StepDecoder steps;

  /** {@code finish} makes a nested plan of its draft, or says that it has mistakes. */
  PlanDecoder(Findings findings, Function<PlanDraft, Plan> finish) {
    this.reading = new Reading(findings);
    this.expressions = new ExpressionReading(reading);
    this.steps =
        new StepDecoder(
            reading, (document, at, level) -> finish.apply(decode(document, at, level)));
  }

  PlanDraft decode(JsonNode document, At at, int level) {
    if (level > DEEPEST) {
      reading.findings().add(at, "plans nest deeper than " + DEEPEST + " here");
      return empty(at, level);
    }
    if (!reading.object(document, at, FIELDS)) {
      return empty(at, level);
    }
    return new PlanDraft(
        at,
        level,
        header(document, at),
        inputs(document.get("inputs"), at.field("inputs")),
        steps(document, at, level),
        outputs(document.get("outputs"), at.field("outputs")));
  }

  private static PlanDraft empty(At at, int level) {
    return new PlanDraft(at, level, Plan.Header.named("?"), List.of(), List.of(), Map.of());
  }

  private Plan.Header header(JsonNode document, At at) {
    String name = reading.text(document.get("name"), at.field("name"));
    @Nullable Duration deadline = reading.positive(document.get("deadline"), at.field("deadline"));
    if (document.get("name") == null) {
      reading.findings().add(at, "the plan has no name");
    }
    return new Plan.Header(
        name == null ? "?" : name,
        reading.text(document.get("description"), at.field("description")),
        reading.integer(
            document.get("max_parallel"), at.field("max_parallel"), 0, Integer.MAX_VALUE, 0),
        deadline,
        reading.truth(
            document.get("allow_partial_completion"), at.field("allow_partial_completion"), false),
        reading.money(document.get("cost_budget"), at.field("cost_budget")));
  }

  private List<StepDraft> steps(JsonNode document, At at, int level) {
    JsonNode list = document.get("steps");
    if (list == null) {
      reading.findings().add(at, "the plan has no steps");
      return List.of();
    }
    if (!list.isArray()) {
      reading.wrong(list, at.field("steps"), "a list of steps");
      return List.of();
    }
    if (list.size() > MOST_STEPS) {
      reading.findings().add(at.field("steps"), "there are more than " + MOST_STEPS + " steps");
      return List.of();
    }
    List<StepDraft> drafts = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      StepDraft draft = steps.decode(list.get(i), at.field("steps").item(i), level);
      if (draft != null) {
        drafts.add(draft);
      }
    }
    return drafts;
  }

  private List<InputSpec> inputs(@Nullable JsonNode inputs, At at) {
    if (inputs == null || inputs.isNull()) {
      return List.of();
    }
    if (!inputs.isObject()) {
      reading.wrong(inputs, at, "an object of inputs by name");
      return List.of();
    }
    List<InputSpec> specs = new ArrayList<>();
    for (Map.Entry<String, JsonNode> input : inputs.properties()) {
      specs.add(input(input.getKey(), input.getValue(), at.field(input.getKey())));
    }
    return specs;
  }

  private InputSpec input(String name, JsonNode spec, At at) {
    if (spec.isString()) {
      return new InputSpec(name, type(spec, at), true, null, null);
    }
    if (!reading.object(spec, at, INPUT_FIELDS)) {
      return new InputSpec(name, InputSpec.Type.ANY, true, null, null);
    }
    @Nullable JsonNode fallback = spec.get("default");
    return new InputSpec(
        name,
        type(spec.get("type"), at.field("type")),
        reading.truth(spec.get("required"), at.field("required"), fallback == null),
        fallback,
        reading.text(spec.get("description"), at.field("description")));
  }

  private InputSpec.Type type(@Nullable JsonNode type, At at) {
    return reading.oneOf(type, at, InputSpec.Type.ANY, InputSpec.Type.class);
  }

  private Map<String, Template> outputs(@Nullable JsonNode outputs, At at) {
    if (outputs == null || outputs.isNull()) {
      return Map.of();
    }
    if (!outputs.isObject()) {
      reading.wrong(outputs, at, "an object of outputs by name");
      return Map.of();
    }
    Map<String, Template> templates = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> output : outputs.properties()) {
      templates.put(
          output.getKey(), expressions.template(output.getValue(), at.field(output.getKey())));
    }
    return templates;
  }

  /** Nested deeper than any value that is stored. */
  static boolean isBottomless(JsonNode document) {
    return deeper(document, 0);
  }

  private static boolean deeper(JsonNode node, int depth) {
    if (depth > Json.DEEPEST / 2) {
      return true;
    }
    if (node.isContainer()) {
      for (JsonNode child : node.values()) {
        if (deeper(child, depth + 1)) {
          return true;
        }
      }
    }
    return false;
  }
}
