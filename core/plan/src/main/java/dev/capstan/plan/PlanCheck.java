package dev.capstan.plan;

import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Reading;
import dev.capstan.kernel.document.Spelling;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Everything about a draft beyond its form; a draft that passes becomes a plan. */
final class PlanCheck {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");
  private static final int LONGEST_NAME = 200;

  private final Findings findings;
  private final ToolCheck tools;

  PlanCheck(Findings findings, ToolCatalog tools, ToolSchemas schemas) {
    this.findings = findings;
    this.tools = new ToolCheck(findings, tools, schemas);
  }

  /** The plan, or {@link PlanDraft#UNKNOWN} when anything is wrong with it or was before. */
  Plan finish(PlanDraft draft) {
    Map<String, StepDraft> byId = byId(draft);
    names(draft);
    ScopeCheck scope = new ScopeCheck(findings, draft, byId);
    Map<String, Set<String>> dependencies = new HashMap<>();
    for (StepDraft step : draft.steps()) {
      dependsOn(step, byId);
      scope.step(step);
      dependencies.putIfAbsent(step.id, dependencies(step, byId.keySet()));
      unreachable(step);
      tools.step(step, draft, byId);
    }
    draft.outputs().forEach((name, value) -> scope.output(name, value));
    new CycleCheck(findings, draft, dependencies).run();
    if (!findings.isEmpty()) {
      return PlanDraft.UNKNOWN;
    }
    return Plan.of(
        draft.header(),
        draft.inputs(),
        draft.steps().stream()
            .map(step -> step.step(List.copyOf(dependencies.getOrDefault(step.id, Set.of()))))
            .toList(),
        draft.outputs());
  }

  private Map<String, StepDraft> byId(PlanDraft draft) {
    Map<String, StepDraft> byId = HashMap.newHashMap(draft.steps().size());
    for (StepDraft step : draft.steps()) {
      StepDraft first = byId.putIfAbsent(step.id, step);
      if (first != null && !step.id.equals("?")) {
        findings.add(
            step.at.field("id"),
            "the id '" + Reading.shortened(step.id) + "' is taken by " + first.at.path());
      }
      if (!step.id.equals("?") && !ID.matcher(step.id).matches()) {
        findings.add(
            step.at.field("id"),
            "'" + Reading.shortened(step.id) + "' is no step id",
            java.util.Optional.of("use up to 100 letters, digits, _ and -"));
      }
    }
    return byId;
  }

  private void names(PlanDraft draft) {
    String name = draft.header().name();
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      findings.add(draft.at().field("name"), "a plan's name has 1 to " + LONGEST_NAME + " letters");
    }
    if (draft.steps().isEmpty() && findings.isEmpty()) {
      findings.add(draft.at().field("steps"), "the plan has no steps");
    }
    for (InputSpec input : draft.inputs()) {
      if (input.fallback() != null && !Types.fits(input.fallback(), input.type())) {
        findings.add(
            draft.at().field("inputs").field(input.name()).field("default"),
            "type mismatch: the default is "
                + Reading.kind(input.fallback())
                + " and the input's type is "
                + input.type().wireName());
      }
    }
  }

  private void dependsOn(StepDraft step, Map<String, StepDraft> byId) {
    for (String id : step.after) {
      At at = step.at.field("depends_on");
      if (id.equals(step.id)) {
        findings.add(at, "the step depends on itself");
      } else if (!byId.containsKey(id)) {
        findings.add(
            at,
            "there is no step '" + Reading.shortened(id) + "'",
            Spelling.suggestion(id, byId.keySet()));
      }
    }
  }

  private static Set<String> dependencies(StepDraft step, Set<String> known) {
    Set<String> all = new LinkedHashSet<>(step.after);
    all.addAll(step.references());
    all.retainAll(known);
    all.remove(step.id);
    return all;
  }

  /** A guard or a list that is written out, and never lets the step run. */
  private void unreachable(StepDraft step) {
    if (step.when != null && ScopeCheck.isConstant(step.when) && !holds(step.when)) {
      findings.add(step.at.field("when"), "the step is unreachable: its guard never holds");
    }
    if (step.foreach != null && step.foreach.items().source().equals("[]")) {
      findings.add(step.at.field("foreach"), "the step is unreachable: its list is empty");
    }
  }

  private boolean holds(Expression guard) {
    try {
      return guard.holds(dev.capstan.plan.expression.Nowhere.SCOPE);
    } catch (dev.capstan.kernel.Refusal cannotBeEvaluated) {
      return true;
    }
  }
}
