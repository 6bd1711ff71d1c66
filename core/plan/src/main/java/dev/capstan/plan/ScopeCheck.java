package dev.capstan.plan;

import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Reading;
import dev.capstan.kernel.document.Spelling;
import dev.capstan.plan.expression.Hole;
import dev.capstan.plan.expression.KnownExpression;
import dev.capstan.plan.expression.Reference;
import dev.capstan.plan.expression.Roots;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether everything that expressions refer to is there. */
final class ScopeCheck {
  private static final Set<String> OF_RUN = Set.of("id", "tenant");
  private static final Set<String> PLAIN = Set.of("inputs", "steps", "run");

  private final Findings findings;
  private final At plan;
  private final Map<String, StepDraft> byId;
  private final Set<String> inputs = new HashSet<>();

  ScopeCheck(Findings findings, PlanDraft draft, Map<String, StepDraft> byId) {
    this.findings = findings;
    this.plan = draft.at();
    this.byId = byId;
    draft.inputs().forEach(input -> inputs.add(input.name()));
  }

  /** Whether it reads nothing, so that it is always the same. */
  static boolean isConstant(Expression expression) {
    return expression instanceof KnownExpression known
        && known.references().isEmpty()
        && !known.source().contains("$");
  }

  void step(StepDraft step) {
    Set<String> roots = new HashSet<>(PLAIN);
    if (step.foreach != null) {
      expression(step.foreach.items(), step.at.field("foreach"), PLAIN, step.id);
      roots.addAll(Roots.OF_ITEMS);
    }
    expression(step.when, step.at.field("when"), PLAIN, step.id);
    action(step, roots);
    if (step.compensate != null) {
      At at = step.at.field("compensate").field("input");
      template(step.compensate.input(), at, roots, null);
    }
  }

  private void action(StepDraft step, Set<String> roots) {
    At at = step.at;
    switch (step.action) {
      case Action.CallTool call -> template(call.input(), at.field("input"), roots, step.id);
      case Action.AwaitTime wait -> template(wait.until(), at.field("wait"), roots, step.id);
      case Action.AwaitApproval approval ->
          template(approval.message(), at.field("approval"), roots, step.id);
      case Action.AwaitSignal signal -> {}
      case Action.RunPlan run -> template(run.inputs(), at.field("input"), roots, step.id);
      case Action.Loop loop -> {
        Set<String> iterating = new HashSet<>(roots);
        iterating.addAll(Roots.OF_ITERATIONS);
        template(loop.inputs(), at.field("input"), iterating, step.id);
        expression(loop.until(), at.field("loop").field("until"), iterating, step.id);
      }
    }
  }

  void output(String name, Template value) {
    template(value, plan.field("outputs").field(name), PLAIN, null);
  }

  private void template(Template template, At at, Set<String> roots, @Nullable String self) {
    if (template.isConstant()) {
      return;
    }
    for (Hole hole : Hole.of(template.source())) {
      expression(hole.expression(), at.along(hole.pointer()), roots, self);
    }
  }

  private void expression(
      @Nullable Expression expression, At at, Set<String> roots, @Nullable String self) {
    if (!(expression instanceof KnownExpression known)) {
      return;
    }
    for (Reference reference : known.references()) {
      switch (reference.root()) {
        case Roots.STEPS -> stepReference(reference, at, self);
        case Roots.INPUTS -> inputReference(reference, at);
        default -> root(reference, at, roots);
      }
    }
  }

  private void stepReference(Reference reference, At at, @Nullable String self) {
    if (reference.hops().isEmpty()) {
      return;
    }
    String id = reference.hops().getFirst();
    if (id.equals(self)) {
      findings.add(at, "the step refers to its own output");
    } else if (!byId.containsKey(id)) {
      findings.add(at, "there is no step '" + Reading.shortened(id) + "'", meantStep(id));
    } else if (reference.hops().size() > 1 && !reference.hops().get(1).equals("output")) {
      List<String> path = new ArrayList<>(reference.hops());
      path.add(1, "output");
      findings.add(
          at,
          "a step offers its output and no '" + Reading.shortened(reference.hops().get(1)) + "'",
          Optional.of("did you mean 'steps." + String.join(".", path) + "'?"));
    }
  }

  /** A hyphen outside backticks is a minus, so {@code steps.my-step} reads {@code steps.my}. */
  private Optional<String> meantStep(String id) {
    for (String known : byId.keySet()) {
      if (known.startsWith(id + "-")) {
        return Optional.of("write steps.`" + known + "`, because a hyphen is a minus");
      }
    }
    return Spelling.suggestion(id, byId.keySet());
  }

  private void inputReference(Reference reference, At at) {
    if (!reference.hops().isEmpty() && !inputs.contains(reference.hops().getFirst())) {
      String name = reference.hops().getFirst();
      findings.add(
          at,
          "the plan has no input '" + Reading.shortened(name) + "'",
          Spelling.suggestion(name, inputs));
    }
  }

  private void root(Reference reference, At at, Set<String> roots) {
    String root = reference.root();
    if (root.equals("run")) {
      if (!reference.hops().isEmpty() && !OF_RUN.contains(reference.hops().getFirst())) {
        findings.add(at, "a run offers run.id and run.tenant");
      }
    } else if (Roots.OF_ITEMS.contains(root) && !roots.contains(root)) {
      findings.add(at, "'" + root + "' is known only inside a foreach");
    } else if (Roots.OF_ITERATIONS.contains(root) && !roots.contains(root)) {
      findings.add(at, "'" + root + "' is known only in a loop's input and until");
    } else if (!roots.contains(root)) {
      findings.add(
          at, "nothing is called '" + Reading.shortened(root) + "' here", meant(root, roots));
    }
  }

  private Optional<String> meant(String root, Set<String> roots) {
    if (byId.containsKey(root)) {
      return Optional.of("did you mean 'steps." + root + ".output'?");
    }
    return inputs.contains(root)
        ? Optional.of("did you mean 'inputs." + root + "'?")
        : Spelling.suggestion(root, roots);
  }
}
