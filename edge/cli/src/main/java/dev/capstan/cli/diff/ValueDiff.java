package dev.capstan.cli.diff;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Where two JSON values differ: objects by field, lists by place after what they begin and end with
 * alike. Numbers are compared by value, so that 1 and 1.0 are the same.
 */
public final class ValueDiff {
  private static final int MOST = 1_000;

  private final List<Change> changes = new ArrayList<>();

  private ValueDiff() {}

  /** The first {@value #MOST} of them, in the order of the first value. */
  public static List<Change> of(@Nullable JsonNode from, @Nullable JsonNode to) {
    ValueDiff diff = new ValueDiff();
    diff.compare("", present(from), present(to));
    return List.copyOf(diff.changes);
  }

  private static @Nullable JsonNode present(@Nullable JsonNode value) {
    return value == null || value.isMissingNode() ? null : value;
  }

  private static boolean isSame(@Nullable JsonNode one, @Nullable JsonNode other) {
    if (one == null || other == null) {
      return one == null && other == null;
    }
    return one.equals(
        (a, b) ->
            a.isNumber() && b.isNumber()
                ? a.decimalValue().compareTo(b.decimalValue())
                : a.equals(b) ? 0 : 1,
        other);
  }

  private void compare(String path, @Nullable JsonNode from, @Nullable JsonNode to) {
    if (changes.size() >= MOST || isSame(from, to)) {
      return;
    }
    if (from != null && to != null && from.isObject() && to.isObject()) {
      Set<String> names = new LinkedHashSet<>(from.propertyNames());
      names.addAll(to.propertyNames());
      for (String name : names) {
        compare(path.isEmpty() ? name : path + "." + name, from.get(name), to.get(name));
      }
    } else if (from != null && to != null && from.isArray() && to.isArray()) {
      lists(path, from, to);
    } else {
      changes.add(new Change(path, from, to));
    }
  }

  private void lists(String path, JsonNode from, JsonNode to) {
    int shorter = Math.min(from.size(), to.size());
    int head = 0;
    while (head < shorter && isSame(from.get(head), to.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < shorter - head
        && isSame(from.get(from.size() - 1 - tail), to.get(to.size() - 1 - tail))) {
      tail++;
    }
    int longer = Math.max(from.size(), to.size()) - tail;
    for (int i = head; i < longer; i++) {
      compare(
          path + "[" + i + "]",
          i < from.size() - tail ? from.get(i) : null,
          i < to.size() - tail ? to.get(i) : null);
    }
  }
}
