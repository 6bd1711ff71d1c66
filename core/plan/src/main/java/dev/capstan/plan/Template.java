package dev.capstan.plan;

import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A JSON value in which strings may hold expressions between a dollar and braces: a string that is
 * one expression becomes its value, of whatever type; an expression within text becomes text; two
 * dollars before the brace stand for a literal dollar and brace. Immutable and usable from any
 * thread.
 */
public interface Template {
  /** The value as written. */
  JsonNode source();

  /** The steps whose outputs it refers to. */
  Set<String> stepReferences();

  /**
   * Whether it has no expression at all, so that {@link #evaluate} returns the same value
   * everywhere.
   */
  boolean isConstant();

  /** The value with every expression evaluated. Throws as {@link Expression#evaluate} does. */
  JsonNode evaluate(Scope scope);
}
