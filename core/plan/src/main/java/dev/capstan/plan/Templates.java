package dev.capstan.plan;

import tools.jackson.databind.JsonNode;

/** Makes templates and expressions from their source. */
@SuppressWarnings({"DoNotCallSuggester", "ObjectToString"})
public final class Templates {
  private Templates() {}

  /**
   * Throws a {@link dev.capstan.kernel.Refusal} of {@code invalid_plan} when an expression in it
   * does not parse.
   */
  public static Template template(JsonNode source) {
    throw new UnsupportedOperationException(source.toString());
  }

  /** {@code source} may stand inside <code>${}</code> or bare. Throws as {@link #template} does. */
  public static Expression expression(String source) {
    throw new UnsupportedOperationException(source);
  }
}
