package dev.capstan.plan;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Reading;
import dev.capstan.kernel.document.Spelling;
import dev.capstan.plan.expression.Hole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Whether the tools exist and take what they are given. Where an expression stands the value is not
 * known yet: only its type is compared, where that is known, and a rule that depends on the value
 * is left to the tool.
 */
final class ToolCheck {
  /** Rules about an object's or a list's shape, which hold whatever its expressions become. */
  private static final Set<String> OF_SHAPE =
      Set.of(
          "type",
          "required",
          "additionalProperties",
          "unevaluatedProperties",
          "propertyNames",
          "minProperties",
          "maxProperties",
          "minItems",
          "maxItems",
          "dependentRequired");

  private static final Set<String> OF_BRANCHES =
      Set.of("anyOf", "oneOf", "not", "if", "then", "else", "contains");

  private final Findings findings;
  private final ToolCatalog tools;
  private final ToolSchemas schemas;

  ToolCheck(Findings findings, ToolCatalog tools, ToolSchemas schemas) {
    this.findings = findings;
    this.tools = tools;
    this.schemas = schemas;
  }

  void step(StepDraft step, PlanDraft plan, Map<String, StepDraft> byId) {
    Context context = new Context(plan, byId);
    switch (step.action) {
      case Action.CallTool call -> call(call, step.at, context);
      case Action.RunPlan run -> inputs(run.plan(), run.inputs(), step.at, context);
      case Action.Loop loop -> inputs(loop.body(), loop.inputs(), step.at, context);
      case Action.AwaitTime wait -> {}
      case Action.AwaitApproval approval -> {}
      case Action.AwaitSignal signal -> {}
    }
    if (step.compensate != null) {
      call(step.compensate, step.at.field("compensate"), context);
    }
  }

  private record Context(PlanDraft plan, Map<String, StepDraft> byId) {}

  private void call(Action.CallTool call, At at, Context context) {
    if (call.tool().equals("?")) {
      return;
    }
    Optional<ToolSpec> spec = tools.spec(call.tool());
    if (spec.isEmpty()) {
      List<String> names = tools.specs().stream().map(ToolSpec::name).toList();
      findings.add(
          at.field("tool"),
          "unknown tool '" + Reading.shortened(call.tool()) + "'",
          Spelling.suggestion(call.tool(), names));
      return;
    }
    List<Hole> holes = call.input().isConstant() ? List.of() : Hole.of(call.input().source());
    holes(holes, spec.get().input(), at.field("input"), context);
    Optional<Schema> schema = schemas.of(spec.get());
    if (schema.isPresent()) {
      JsonNode value = holes.isEmpty() ? call.input().evaluate(nowhere()) : call.input().source();
      constants(schema.get(), value, holes, at.field("input"));
    }
  }

  private static Scope nowhere() {
    return dev.capstan.plan.expression.Nowhere.SCOPE;
  }

  private void holes(List<Hole> holes, JsonNode schema, At at, Context context) {
    for (Hole hole : holes) {
      Set<String> wanted = Types.allowed(Types.within(schema, hole.pointer()));
      mismatch(hole, wanted, at, context);
    }
  }

  private void mismatch(Hole hole, Set<String> wanted, At at, Context context) {
    Set<String> given = Types.of(hole, context.plan(), context.byId(), tools);
    if (!Types.overlap(given, wanted)) {
      findings.add(
          at.along(hole.pointer()),
          "type mismatch: this is " + Types.words(given) + " and should be " + Types.words(wanted));
    }
  }

  private void constants(Schema schema, JsonNode value, List<Hole> holes, At at) {
    List<List<Object>> unknown = holes.stream().map(Hole::pointer).toList();
    for (Error error : validate(schema, value)) {
      List<Object> pointer = pointer(error);
      if (isCertain(error, pointer, unknown)) {
        report(error, at.along(pointer), schema.getSchemaNode());
      }
    }
  }

  /** In English on every machine. */
  private static List<Error> validate(Schema schema, JsonNode value) {
    return schema.validate(
        value, context -> context.executionConfig(config -> config.locale(Locale.ENGLISH)));
  }

  private static List<Object> pointer(Error error) {
    List<Object> pointer = new ArrayList<>();
    for (int i = 0; i < error.getInstanceLocation().getNameCount(); i++) {
      pointer.add(error.getInstanceLocation().getElement(i));
    }
    return pointer;
  }

  private static boolean isCertain(Error error, List<Object> place, List<List<Object>> unknown) {
    boolean branches = !unknown.isEmpty() && isInBranch(error);
    boolean atHole = unknown.stream().anyMatch(hole -> startsWith(place, hole));
    boolean aroundHole = unknown.stream().anyMatch(hole -> startsWith(hole, place));
    return !branches && !atHole && (!aroundHole || OF_SHAPE.contains(error.getKeyword()));
  }

  private static boolean isInBranch(Error error) {
    for (int i = 0; i < error.getEvaluationPath().getNameCount(); i++) {
      if (OF_BRANCHES.contains(String.valueOf(error.getEvaluationPath().getElement(i)))) {
        return true;
      }
    }
    return false;
  }

  private static boolean startsWith(List<Object> path, List<Object> prefix) {
    return path.size() >= prefix.size() && path.subList(0, prefix.size()).equals(prefix);
  }

  private void report(Error error, At at, JsonNode schema) {
    String property = error.getProperty();
    if (property != null && "additionalProperties".equals(error.getKeyword())) {
      JsonNode around = Types.within(schema, pointer(error));
      List<String> known =
          around == null ? List.of() : List.copyOf(around.path("properties").propertyNames());
      findings.addKey(
          at.field(property),
          "the tool takes no '" + Reading.shortened(property) + "'",
          Spelling.suggestion(property, known));
      return;
    }
    JsonNode value = error.getInstanceNode();
    boolean type = "type".equals(error.getKeyword()) && value != null;
    String message = String.valueOf(error.getMessage());
    findings.add(at, type ? "type mismatch: " + message : message);
  }

  /** The inputs of a plan within the plan. */
  private void inputs(Plan plan, Template given, At at, Context context) {
    if (plan == PlanDraft.UNKNOWN || !given.source().isObject()) {
      return;
    }
    JsonNode source = given.source();
    List<Hole> holes = given.isConstant() ? List.of() : Hole.of(source);
    Map<String, InputSpec> known = new HashMap<>();
    plan.inputs().forEach(spec -> known.put(spec.name(), spec));
    for (String name : source.propertyNames()) {
      InputSpec spec = known.get(name);
      if (spec == null) {
        findings.addKey(
            at.field("input").field(name),
            "the plan '"
                + Reading.shortened(plan.header().name())
                + "' has no input '"
                + name
                + "'",
            Spelling.suggestion(name, known.keySet()));
      } else if (spec.type() != InputSpec.Type.ANY) {
        input(spec, source.get(name), holes, at.field("input"), context);
      }
    }
    for (InputSpec spec : plan.inputs()) {
      if (spec.required() && spec.fallback() == null && !source.has(spec.name())) {
        findings.add(at, "the input '" + spec.name() + "' of the plan is missing");
      }
    }
  }

  private void input(InputSpec spec, JsonNode value, List<Hole> holes, At at, Context context) {
    List<Object> place = List.of(spec.name());
    Set<String> wanted = Set.of(spec.type().wireName());
    for (Hole hole : holes) {
      if (hole.pointer().equals(place)) {
        mismatch(hole, wanted, at, context);
        return;
      }
    }
    if (!Types.fits(value, spec.type())) {
      findings.add(
          at.along(place),
          "type mismatch: this is "
              + Reading.kind(value)
              + " and should be "
              + spec.type().wireName());
    }
  }
}
