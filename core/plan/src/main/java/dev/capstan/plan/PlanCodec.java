package dev.capstan.plan;

import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Places;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * A plan as canonical JSON and back: what the journal keeps. Does not check tools, so that an old
 * plan always decodes; a step depends on exactly what {@code depends_on} says.
 */
public final class PlanCodec {
  private PlanCodec() {}

  public static JsonNode encode(Plan plan) {
    return PlanEncoder.encode(plan);
  }

  /** Throws a {@link dev.capstan.kernel.Refusal} of {@code invalid_plan}. */
  public static Plan decode(JsonNode document) {
    Findings findings = new Findings();
    Plan plan = plan(new PlanDecoder(findings, PlanCodec::plan).decode(document, At.ROOT, 0));
    if (!findings.isEmpty()) {
      throw refusal(findings.mistakes(new Places()));
    }
    return plan;
  }

  private static Plan plan(PlanDraft draft) {
    List<Step> steps =
        draft.steps().stream().map(step -> step.step(List.copyOf(step.after))).toList();
    try {
      return Plan.of(draft.header(), draft.inputs(), steps, draft.outputs());
    } catch (IllegalArgumentException noDag) {
      throw refusal(List.of(Mistake.at(draft.at().path(), String.valueOf(noDag.getMessage()))));
    }
  }

  private static Refusal refusal(List<Mistake> mistakes) {
    return Problem.of(ProblemCode.INVALID_PLAN, mistakes.getFirst().toString(), mistakes).refusal();
  }
}
