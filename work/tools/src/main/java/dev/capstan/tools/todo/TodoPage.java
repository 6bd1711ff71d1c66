package dev.capstan.tools.todo;

import java.util.List;

/**
 * Some of a tenant's todos.
 *
 * @param todos by id, ascending
 * @param more whether the filter lets through others with greater ids
 */
public record TodoPage(List<Todo> todos, boolean more) {
  public TodoPage {
    todos = List.copyOf(todos);
  }
}
