package dev.capstan.plan.expression;

import dev.capstan.kernel.Json;
import dev.capstan.plan.Scope;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Names with dots between them, followed hop by hop without JSONata. Where a list is met on the
 * way, JSONata's mapping over lists is wanted and JSONata is asked.
 */
final class PathMeaning implements Meaning {
  private static final JsonNode NOTHING = Json.nothing();

  private final String source;
  private final String[] hops;
  private final Syntax syntax;
  private volatile @Nullable JsonataMeaning mapping;

  PathMeaning(String source, Syntax syntax) {
    this.source = source;
    this.hops = syntax.plainPath().toArray(String[]::new);
    this.syntax = syntax;
  }

  @Override
  public JsonNode evaluate(Scope scope) {
    return hops[0].equals(Roots.STEPS) ? ofStep(scope) : ofRoot(scope);
  }

  /** Parsed only when a list is met, because most paths never meet one. */
  private JsonataMeaning mapping() {
    JsonataMeaning parsed = mapping;
    if (parsed == null) {
      parsed = new JsonataMeaning(source, syntax);
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
}
