package dev.capstan.kernel.document;

import org.jspecify.annotations.Nullable;

/** A place in a document, put into words only when something is wrong there. */
public record At(@Nullable At parent, @Nullable String name, int index) {
  public static final At ROOT = new At(null, null, -1);

  public At field(String field) {
    return new At(this, field, -1);
  }

  public At item(int position) {
    return new At(this, null, position);
  }

  /** The place that field names and list indexes lead to from here. */
  public At along(Iterable<Object> pointer) {
    At place = this;
    for (Object hop : pointer) {
      place = hop instanceof Integer position ? place.item(position) : place.field((String) hop);
    }
    return place;
  }

  /** As {@code steps[2].input.expression}; empty for the root. */
  public String path() {
    StringBuilder path = new StringBuilder();
    write(path);
    return path.toString();
  }

  private void write(StringBuilder path) {
    if (parent == null) {
      return;
    }
    parent.write(path);
    if (name == null) {
      path.append('[').append(index).append(']');
    } else {
      path.append(path.isEmpty() ? "" : ".").append(name);
    }
  }
}
