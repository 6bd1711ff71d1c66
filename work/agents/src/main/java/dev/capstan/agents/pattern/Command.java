package dev.capstan.agents.pattern;

import org.jspecify.annotations.Nullable;

/** One thing that a prompt asks for. */
sealed interface Command {
  /**
   * @param step the id of its step, such as {@code add_1}
   */
  record Calculate(String step, Formula formula) implements Command {}

  /** Says a result again; it is in the answer anyway. */
  record Tell() implements Command {}

  /**
   * @param text a template: a text, or a calculation with its result
   */
  record AddTodo(String step, String text) implements Command {}

  /**
   * @param done only those done, only those open, or all
   */
  record ListTodos(String step, @Nullable Boolean done) implements Command {}

  /**
   * Does something to a todo.
   *
   * @param action get, complete, delete or update
   * @param id a number, or a template of the id that an earlier step gave
   */
  record ChangeTodo(
      String step, String action, Object id, @Nullable String text, @Nullable Boolean done)
      implements Command {}
}
