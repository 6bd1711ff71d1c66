package dev.capstan.plan;

import dev.capstan.plan.expression.Hole;
import dev.capstan.plan.expression.KnownExpression;
import dev.capstan.plan.expression.Reference;
import dev.capstan.plan.expression.Roots;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** JSON types, as schemas name them, of what is written and of what is referred to. */
final class Types {
  private Types() {}

  static boolean fits(JsonNode value, InputSpec.Type type) {
    return switch (type) {
      case STRING -> value.isString();
      case NUMBER -> value.isNumber();
      case INTEGER -> isInteger(value);
      case BOOLEAN -> value.isBoolean();
      case ARRAY -> value.isArray();
      case OBJECT -> value.isObject();
      case ANY -> true;
    };
  }

  private static boolean isInteger(JsonNode value) {
    return value.isIntegralNumber()
        || (value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0);
  }

  /** The types that a hole's value can have; empty when that is not known. */
  static Set<String> of(Hole hole, PlanDraft plan, Map<String, StepDraft> byId, ToolCatalog tools) {
    if (!hole.whole()) {
      return Set.of("string");
    }
    KnownExpression expression = hole.expression();
    if (expression.references().size() != 1 || !isPath(expression)) {
      return Set.of();
    }
    Reference reference = expression.references().getFirst();
    return switch (reference.root()) {
      case Roots.INPUTS -> ofInput(reference.hops(), plan);
      case Roots.STEPS -> ofStep(reference.hops(), byId, tools);
      default -> Set.of();
    };
  }

  private static boolean isPath(KnownExpression expression) {
    return expression.source().matches("[\\w.`\\s-]+") && !expression.source().contains(" - ");
  }

  private static Set<String> ofInput(List<String> hops, PlanDraft plan) {
    if (hops.size() != 1) {
      return Set.of();
    }
    for (InputSpec input : plan.inputs()) {
      if (input.name().equals(hops.getFirst()) && input.type() != InputSpec.Type.ANY) {
        return Set.of(input.type().wireName());
      }
    }
    return Set.of();
  }

  private static Set<String> ofStep(
      List<String> hops, Map<String, StepDraft> byId, ToolCatalog tools) {
    if (hops.size() < 2 || !hops.get(1).equals("output")) {
      return Set.of();
    }
    StepDraft step = byId.get(hops.getFirst());
    if (step == null
        || step.foreach != null
        || step.when != null
        || !(step.action instanceof Action.CallTool call)) {
      return Set.of();
    }
    Optional<JsonNode> schema = tools.spec(call.tool()).map(ToolSpec::output);
    return schema
        .map(found -> allowed(within(found, new ArrayList<>(hops.subList(2, hops.size())))))
        .orElse(Set.of());
  }

  /** The sub-schema that these names and indexes lead to, if the schema says it plainly. */
  static @Nullable JsonNode within(@Nullable JsonNode schema, List<Object> pointer) {
    JsonNode here = schema;
    for (Object hop : pointer) {
      if (here == null) {
        return null;
      }
      here = hop instanceof Integer ? here.get("items") : here.path("properties").get((String) hop);
    }
    return here;
  }

  /** The types that a schema allows; empty when it does not say so plainly. */
  static Set<String> allowed(@Nullable JsonNode schema) {
    JsonNode type = schema == null ? null : schema.get("type");
    if (type == null) {
      return Set.of();
    }
    Set<String> types = new TreeSet<>();
    if (type.isString()) {
      types.add(type.stringValue());
    }
    for (JsonNode each : type.isArray() ? type.values() : List.<JsonNode>of()) {
      types.add(each.asString());
    }
    return types;
  }

  /** Whether some value can be of both: an integer is a number, and a number may be integral. */
  static boolean overlap(Set<String> given, Set<String> wanted) {
    if (given.isEmpty() || wanted.isEmpty()) {
      return true;
    }
    for (String type : given) {
      boolean numeric = type.equals("number") || type.equals("integer");
      if (wanted.contains(type)
          || (numeric && (wanted.contains("number") || wanted.contains("integer")))) {
        return true;
      }
    }
    return false;
  }

  static String words(Set<String> types) {
    return String.join(" or ", new TreeSet<>(types));
  }
}
