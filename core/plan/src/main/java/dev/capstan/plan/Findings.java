package dev.capstan.plan;

import dev.capstan.kernel.Mistake;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every mistake found so far, up to a bound beyond which nobody reads. */
final class Findings {
  static final int MOST = 500;

  private record Found(At at, boolean key, String message, @Nullable String suggestion) {}

  private final List<Found> found = new ArrayList<>();

  void add(At at, String message) {
    add(new Found(at, false, message, null));
  }

  void add(At at, String message, Optional<String> suggestion) {
    add(new Found(at, false, message, suggestion.orElse(null)));
  }

  /** A mistake in the name of a field rather than in its value. */
  void addKey(At at, String message, Optional<String> suggestion) {
    add(new Found(at, true, message, suggestion.orElse(null)));
  }

  private void add(Found mistake) {
    if (found.size() < MOST && !found.contains(mistake)) {
      found.add(mistake);
    }
  }

  int count() {
    return found.size();
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<Mistake> mistakes(Places places) {
    return found.stream().map(each -> placed(each, places)).toList();
  }

  private static Mistake placed(Found each, Places places) {
    Places.Place place = places.of(each.at(), each.key());
    return new Mistake(
        each.at().path(), place.line(), place.column(), each.message(), each.suggestion());
  }
}
