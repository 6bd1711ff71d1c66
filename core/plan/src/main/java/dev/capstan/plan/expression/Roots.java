package dev.capstan.plan.expression;

import dev.capstan.kernel.Json;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The names that a scope can have at its top. */
public final class Roots {
  public static final String STEPS = "steps";
  public static final String INPUTS = "inputs";
  static final String OUTPUT = "output";

  /** Only inside a {@code foreach}. */
  public static final Set<String> OF_ITEMS = Set.of("item", "index");

  /** Only in a loop's inputs and guard. */
  public static final Set<String> OF_ITERATIONS = Set.of("iteration", "last");

  private Roots() {}

  static JsonNode step(JsonNode output) {
    return Json.object().set(OUTPUT, output);
  }
}
