package dev.capstan.plan;

import dev.capstan.plan.expression.CompiledTemplate;
import dev.capstan.plan.expression.Expressions;
import tools.jackson.databind.JsonNode;

/** Makes templates and expressions from their source. */
public final class Templates {
  private Templates() {}

  /**
   * Throws a {@link dev.capstan.kernel.Refusal} of {@code invalid_plan} when an expression in it
   * does not parse.
   */
  public static Template template(JsonNode source) {
    return CompiledTemplate.of(source);
  }

  /** {@code source} may stand inside <code>${}</code> or bare. Throws as {@link #template} does. */
  public static Expression expression(String source) {
    return Expressions.of(source);
  }
}
