package dev.capstan.plan.expression;

import dev.capstan.plan.Scope;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A list written out as JSON, its numbers exact. */
final class ConstantExpression implements KnownExpression {
  private final String source;
  private final JsonNode value;

  ConstantExpression(String source, JsonNode value) {
    this.source = source;
    this.value = value;
  }

  @Override
  public String source() {
    return source;
  }

  @Override
  public List<Reference> references() {
    return List.of();
  }

  @Override
  public Set<String> stepReferences() {
    return Set.of();
  }

  @Override
  public JsonNode evaluate(Scope scope) {
    return value;
  }

  @Override
  public boolean holds(Scope scope) {
    return Truth.of(value);
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
