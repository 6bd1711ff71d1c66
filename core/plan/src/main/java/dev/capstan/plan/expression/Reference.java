package dev.capstan.plan.expression;

import java.util.List;

/**
 * Something that an expression reads from its scope.
 *
 * @param root {@code steps}, {@code inputs}, {@code item}, …; any first name of a path at the top
 * @param hops the names after the root, as far as they are plain names: {@code [build, output, v]}
 * @param offset where in the expression the root stands
 */
public record Reference(String root, List<String> hops, int offset) {
  public Reference {
    hops = List.copyOf(hops);
  }
}
