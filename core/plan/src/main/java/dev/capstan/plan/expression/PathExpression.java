package dev.capstan.plan.expression;

import dev.capstan.kernel.Json;
import dev.capstan.plan.Scope;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Names with dots between them, followed hop by hop without JSONata. Where a list is met on the
 * way, JSONata's mapping over lists is wanted and JSONata is asked.
 */
final class PathExpression implements KnownExpression {
  private static final JsonNode NOTHING = Json.nothing();

  private final String source;
  private final String[] hops;
  private final List<Reference> references;
  private final Set<String> steps;
  private final Syntax syntax;
  private volatile @Nullable JsonataExpression mapping;

  PathExpression(String source, Syntax syntax) {
    this.source = source;
    this.hops = syntax.plainPath().toArray(String[]::new);
    this.references = List.copyOf(syntax.references());
    this.steps = KnownExpression.stepsOf(references);
    this.syntax = syntax;
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public List<Reference> references() {
    return references;
  }

  @Override
  public Set<String> stepReferences() {
    return steps;
  }

  @Override
  public JsonNode evaluate(Scope scope) {
    return hops[0].equals(Roots.STEPS) ? ofStep(scope) : ofRoot(scope);
  }

  /** Parsed only when a list is met, because most paths never meet one. */
  private JsonataExpression mapping() {
    JsonataExpression parsed = mapping;
    if (parsed == null) {
      parsed = new JsonataExpression(source, syntax);
      mapping = parsed;
    }
    return parsed;
  }

  private JsonNode ofStep(Scope scope) {
    if (hops.length == 1) {
      return mapping().evaluate(scope);
    }
    Optional<JsonNode> output = scope.stepOutput(hops[1]);
    if (output.isEmpty()) {
      return NOTHING;
    }
    if (hops.length == 2) {
      return Roots.step(output.get());
    }
    return hops[2].equals(Roots.OUTPUT) ? follow(output.get(), 3, scope) : NOTHING;
  }

  private JsonNode ofRoot(Scope scope) {
    Optional<JsonNode> root = scope.root(hops[0]);
    return root.isEmpty() ? NOTHING : follow(root.get(), 1, scope);
  }

  private JsonNode follow(JsonNode start, int from, Scope scope) {
    JsonNode node = start;
    for (int i = from; i < hops.length; i++) {
      if (node.isArray()) {
        return mapping().evaluate(scope);
      }
      @Nullable JsonNode child = node.get(hops[i]);
      if (child == null) {
        return NOTHING;
      }
      node = child;
    }
    return node;
  }

  @Override
  public boolean holds(Scope scope) {
    return Truth.of(evaluate(scope));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof KnownExpression that && source.equals(that.source());
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source;
  }
}
