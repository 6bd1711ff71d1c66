package dev.capstan.plan.expression;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Expressions by their source, parsed once. The cache has two generations: when the young one is
 * full it becomes the old one, and what is asked for again moves back.
 */
public final class Expressions {
  private static final int MOST_CACHED = 4_096;
  private static final int LONGEST_CACHED = 2_000;

  private static volatile Map<String, KnownExpression> young = new ConcurrentHashMap<>();
  private static volatile Map<String, KnownExpression> old = Map.of();

  private Expressions() {}

  /**
   * {@code source} may stand inside <code>${}</code> or bare. Throws a {@link
   * dev.capstan.kernel.Refusal} of {@code invalid_plan}.
   */
  public static KnownExpression of(String source) {
    String bare = bare(source);
    KnownExpression cached = young.get(bare);
    if (cached != null) {
      return cached;
    }
    KnownExpression aged = old.get(bare);
    KnownExpression expression = aged != null ? aged : parse(bare);
    if (bare.length() <= LONGEST_CACHED) {
      keep(bare, expression);
    }
    return expression;
  }

  private static String bare(String source) {
    String trimmed = source.strip();
    return trimmed.startsWith("${") && trimmed.endsWith("}")
        ? trimmed.substring(2, trimmed.length() - 1).strip()
        : trimmed;
  }

  /** A list written out, which no expression needs to compute. */
  private static Optional<KnownExpression> constant(String source) {
    if (!source.startsWith("[") || !source.endsWith("]")) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new ReadExpression(source, List.of(), new Meaning.Constant(Json.parse(source))));
    } catch (Refusal noJson) {
      return Optional.empty();
    }
  }

  private static KnownExpression parse(String source) {
    Optional<KnownExpression> constant = constant(source);
    if (constant.isPresent()) {
      return constant.get();
    }
    try {
      Syntax syntax = Syntax.of(source);
      Meaning meaning =
          syntax.plainPath().isEmpty()
              ? new JsonataMeaning(source, syntax)
              : new PathMeaning(source, syntax);
      return new ReadExpression(source, syntax.references(), meaning);
    } catch (BadExpression bad) {
      throw bad.refusal(source);
    }
  }

  private static void keep(String source, KnownExpression expression) {
    if (young.size() >= MOST_CACHED) {
      turn();
    }
    young.put(source, expression);
  }

  private static synchronized void turn() {
    if (young.size() >= MOST_CACHED) {
      old = young;
      young = new ConcurrentHashMap<>();
    }
  }
}
