package dev.capstan.kernel.document;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where in the text each value and each field's name stands. */
public final class Places {
  /** Line and column from 1; 0 when unknown. */
  record Place(int line, int column) {
    static final Place UNKNOWN = new Place(0, 0);
  }

  private final Map<String, Place> values = new HashMap<>();
  private final Map<String, Place> keys = new HashMap<>();

  void value(At at, int line, int column) {
    values.putIfAbsent(at.path(), new Place(line, column));
  }

  void key(At at, int line, int column) {
    keys.putIfAbsent(at.path(), new Place(line, column));
  }

  /** The place itself, or the nearest around it that is known. */
  Place of(At at, boolean key) {
    String path = at.path();
    Place exact = key ? keys.get(path) : values.get(path);
    if (exact == null && key) {
      exact = values.get(path);
    }
    @Nullable At around = at.parent();
    if (exact == null && around != null) {
      return of(around, false);
    }
    return exact == null ? Place.UNKNOWN : exact;
  }
}
