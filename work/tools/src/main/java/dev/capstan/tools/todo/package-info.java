/** Todos: the tool, and the port to whoever keeps them. */
@NullMarked
package dev.capstan.tools.todo;

import org.jspecify.annotations.NullMarked;
