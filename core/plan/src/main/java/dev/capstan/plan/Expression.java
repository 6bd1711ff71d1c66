package dev.capstan.plan;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A JSONata expression over a {@link Scope}. Immutable and usable from any thread. A plain path
 * ({@code steps.build.output.version}) is followed directly; anything else is evaluated by JSONata
 * within bounds of time, depth and size.
 */
public interface Expression {
  /** The source text, without any <code>${}</code>. */
  String source();

  /** The steps whose outputs it refers to. */
  Set<String> stepReferences();

  /**
   * The value; JSON null when a path leads nowhere. Throws a {@link dev.capstan.kernel.Refusal} of
   * {@code expression_failed} that says what went wrong, also when it takes too long or nests too
   * deep.
   */
  JsonNode evaluate(Scope scope);

  /**
   * As a guard: false for false, null, 0, "", [] and {}; true otherwise (JSONata's own {@code
   * $boolean}).
   */
  boolean holds(Scope scope);
}
