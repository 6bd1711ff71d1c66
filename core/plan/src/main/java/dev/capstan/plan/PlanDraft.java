package dev.capstan.plan;

import dev.capstan.kernel.document.At;
import java.util.List;
import java.util.Map;

/** A plan as written, before anybody knows whether it is one. */
record PlanDraft(
    At at,
    int level,
    Plan.Header header,
    List<InputSpec> inputs,
    List<StepDraft> steps,
    Map<String, Template> outputs) {
  /** Stands where a nested plan has mistakes; never leaves the reader. */
  static final Plan UNKNOWN = Plan.of(Plan.Header.named("?"), List.of(), List.of(), Map.of());
}
