package dev.capstan.plan.expression;

import dev.capstan.plan.Scope;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** An expression that was read: its source, what it refers to, and what it means. */
final class ReadExpression implements KnownExpression {
  private final String source;
  private final List<Reference> references;
  private final Set<String> steps;
  private final Meaning meaning;

  ReadExpression(String source, List<Reference> references, Meaning meaning) {
    this.source = source;
    this.references = List.copyOf(references);
    this.steps = KnownExpression.stepsOf(this.references);
    this.meaning = meaning;
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
    return meaning.evaluate(scope);
  }

  @Override
  public boolean holds(Scope scope) {
    return Truth.of(evaluate(scope));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ReadExpression that && source.equals(that.source);
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
