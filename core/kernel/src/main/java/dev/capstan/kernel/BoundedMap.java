package dev.capstan.kernel;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A map that holds only so many entries: a new one beyond that makes it forget another. For one
 * thread at a time, and one that {@link #lru forgets what was not used} also to read.
 */
public final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
  private static final long serialVersionUID = 1L;

  private final int most;

  private BoundedMap(int most, boolean byUse) {
    super(16, 0.75f, byUse);
    this.most = most;
  }

  /** Forgets what was put in first. */
  public static <K, V> BoundedMap<K, V> fifo(int most) {
    return new BoundedMap<>(most, false);
  }

  /** Forgets what was neither read nor written for longest. */
  public static <K, V> BoundedMap<K, V> lru(int most) {
    return new BoundedMap<>(most, true);
  }

  @Override
  protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
    return size() > most;
  }
}
