package dev.capstan.agents.pattern;

import dev.capstan.agents.Planned;
import dev.capstan.kernel.TenantId;
import dev.capstan.plan.Action;
import dev.capstan.plan.Plan;
import dev.capstan.plan.Step;
import java.util.Comparator;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A plan in one short line: {@code add_1 = 2 + 3 | todo_1(add_1) = add: 2 + 3 = <add_1>}. */
final class PlanShown {
  private PlanShown() {}

  static String of(String prompt) {
    return switch (new PatternPlanner().plan(prompt, TenantId.LOCAL)) {
      case Planned.Understood understood -> of(understood.plan());
      case Planned.NotUnderstood refused ->
          refused.problem().mistakes().isEmpty()
              ? "? " + refused.problem().detail()
              : refused.problem().mistakes().stream()
                  .map(mistake -> mistake.line() + ":" + mistake.column() + " " + mistake.message())
                  .collect(Collectors.joining("; ", "? ", ""));
    };
  }

  private static String of(Plan plan) {
    return plan.steps().stream().map(PlanShown::step).collect(Collectors.joining(" | "));
  }

  private static String step(Step step) {
    JsonNode input = ((Action.CallTool) step.action()).input().source();
    String after =
        step.dependsOn().isEmpty()
            ? ""
            : step.dependsOn().stream()
                .sorted(Comparator.naturalOrder())
                .collect(Collectors.joining(",", "(", ")"));
    return step.id() + after + " = " + shortened(what(input));
  }

  private static String what(JsonNode input) {
    if (input.has("expression")) {
      return input.path("expression").asString();
    }
    StringBuilder text = new StringBuilder(input.path("action").asString());
    for (String name : new String[] {"id", "done", "text"}) {
      if (input.has(name)) {
        text.append(name.equals("text") ? ": " : " ").append(input.path(name).asString());
      }
    }
    return text.toString();
  }

  private static String shortened(String text) {
    return text.replaceAll("\\$\\{steps\\.([a-z_0-9]+)\\.output(\\.result|\\.todo\\.id)}", "<$1>");
  }
}
