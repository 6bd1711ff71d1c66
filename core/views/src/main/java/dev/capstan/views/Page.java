package dev.capstan.views;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of a list.
 *
 * @param next what to ask with for those that follow; null when these are the last
 */
public record Page<T>(List<T> items, @Nullable String next) {
  public Page {
    items = List.copyOf(items);
  }
}
