package dev.capstan.agents.memory;

import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * A memory.
 *
 * @param metadata in the order of its names
 * @param at when it was written, to the millisecond
 */
public record Remembered(
    String id, String text, double importance, Map<String, String> metadata, Instant at) {
  /** Newest first; those of the same instant by id. */
  public static final Comparator<Remembered> NEWEST_FIRST =
      Comparator.comparing(Remembered::at).reversed().thenComparing(Remembered::id);

  public Remembered {
    metadata = Collections.unmodifiableMap(new TreeMap<>(metadata));
    at = Instant.ofEpochMilli(at.toEpochMilli());
  }

  /** What comes of a writing. */
  public static Remembered of(MemoryGroup group, Writing writing, Instant now) {
    return new Remembered(
        group.idOf(writing.key()), writing.text(), writing.importance(), writing.metadata(), now);
  }
}
