package dev.capstan.tools.todo;

import org.jspecify.annotations.Nullable;

/** What to change of a todo; null leaves it as it is. */
public record TodoChange(@Nullable String text, @Nullable Boolean done) {}
