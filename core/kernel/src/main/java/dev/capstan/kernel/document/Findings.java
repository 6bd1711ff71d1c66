package dev.capstan.kernel.document;

import dev.capstan.kernel.Mistake;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every mistake found so far, up to a bound beyond which nobody reads. */
public final class Findings {
  public static final int MOST = 500;

  private record Found(At at, boolean key, String message, @Nullable String suggestion) {}

  private final List<Found> found = new ArrayList<>();

  public void add(At at, String message) {
    add(new Found(at, false, message, null));
  }

  public void add(At at, String message, Optional<String> suggestion) {
    add(new Found(at, false, message, suggestion.orElse(null)));
  }

  /** A mistake in the name of a field rather than in its value. */
  public void addKey(At at, String message, Optional<String> suggestion) {
    add(new Found(at, true, message, suggestion.orElse(null)));
  }

  private void add(Found mistake) {
    if (found.size() < MOST && !found.contains(mistake)) {
      found.add(mistake);
    }
  }

  public int count() {
    return found.size();
  }

  public boolean isEmpty() {
    return found.isEmpty();
  }

  public List<Mistake> mistakes(Places places) {
    return found.stream().map(each -> placed(each, places)).toList();
  }

  private static Mistake placed(Found each, Places places) {
    Places.Place place = places.of(each.at(), each.key());
    return new Mistake(
        each.at().path(), place.line(), place.column(), each.message(), each.suggestion());
  }
}
