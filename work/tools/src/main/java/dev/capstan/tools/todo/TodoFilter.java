package dev.capstan.tools.todo;

import org.jspecify.annotations.Nullable;

/**
 * Which todos of a tenant to list.
 *
 * @param done only the done (true), only the open (false), or both (null)
 * @param after only those with a greater id; 0 for the first page
 * @param limit how many at most, 1 to {@link #MOST}
 */
public record TodoFilter(@Nullable Boolean done, long after, int limit) {
  /** No page is longer. */
  public static final int MOST = 200;

  /** The first page of all todos. */
  public static final TodoFilter ALL = new TodoFilter(null, 0, MOST);

  public TodoFilter {
    if (limit < 1 || limit > MOST || after < 0) {
      throw new IllegalArgumentException("a page holds 1 to " + MOST + " and begins after an id");
    }
  }
}
