package dev.capstan.plan;

import tools.jackson.databind.JsonNode;

/**
 * A plan as canonical JSON and back: what the journal keeps. Does not check tools, so that an old
 * plan always decodes.
 */
@SuppressWarnings({"DoNotCallSuggester", "ObjectToString"})
public final class PlanCodec {
  private PlanCodec() {}

  public static JsonNode encode(Plan plan) {
    throw new UnsupportedOperationException(plan.toString());
  }

  /** Throws a {@link dev.capstan.kernel.Refusal} of {@code invalid_plan}. */
  public static Plan decode(JsonNode document) {
    throw new UnsupportedOperationException(document.toString());
  }
}
