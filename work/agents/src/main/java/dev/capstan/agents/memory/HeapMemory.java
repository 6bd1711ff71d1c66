package dev.capstan.agents.memory;

import dev.capstan.kernel.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Remembers as long as the process lives, and looks at every memory of a group each time. */
public final class HeapMemory implements Memory {
  private static final class Kept {
    private final Remembered memory;
    private final float[] meaning;

    Kept(Remembered memory, float[] meaning) {
      this.memory = memory;
      this.meaning = meaning;
    }

    Remembered memory() {
      return memory;
    }

    double likeness(float[] other) {
      return Embedder.dot(meaning, other);
    }
  }

  private final Embedder embedder;
  private final Ranking ranking;
  private final Map<String, Map<String, Kept>> places = new TreeMap<>();

  public HeapMemory(Embedder embedder, Ranking ranking) {
    this.embedder = embedder;
    this.ranking = ranking;
  }

  @Override
  public Remembered write(MemoryGroup group, Writing writing, Instant now) {
    Kept fresh = new Kept(Remembered.of(group, writing, now), embedder.embed(writing.text()));
    synchronized (places) {
      Map<String, Kept> place = places.computeIfAbsent(group.place(), _ -> new TreeMap<>());
      Kept before = place.putIfAbsent(fresh.memory().id(), fresh);
      if (before == null) {
        place.values().stream()
            .map(Kept::memory)
            .filter(memory -> !memory.id().equals(fresh.memory().id()))
            .sorted(Comparator.comparingDouble(memory -> ranking.worth(memory, now)))
            .limit(ranking.surplus(place.size()))
            .map(Remembered::id)
            .toList()
            .forEach(place::remove);
      }
      return before == null ? fresh.memory() : before.memory();
    }
  }

  @Override
  public List<Recalled> recall(MemoryGroup group, Query query, Instant now) {
    List<Kept> all = new ArrayList<>();
    synchronized (places) {
      all.addAll(places.getOrDefault(group.place(), Map.of()).values());
    }
    if (all.isEmpty()) {
      return List.of();
    }
    float[] meaning = embedder.embed(query.text());
    double[] words =
        new Bm25(all.stream().map(kept -> kept.memory().text()).toList()).scores(query.text());
    List<Ranking.Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < words.length; i++) {
      Kept kept = all.get(i);
      candidates.add(new Ranking.Candidate(kept.memory(), words[i], kept.likeness(meaning)));
    }
    return ranking.best(candidates, query.limit(), now);
  }

  @Override
  public List<Remembered> list(MemoryGroup group, int skip, int limit) {
    synchronized (places) {
      return places.getOrDefault(group.place(), Map.of()).values().stream()
          .map(Kept::memory)
          .sorted(Remembered.NEWEST_FIRST)
          .skip(skip)
          .limit(limit)
          .toList();
    }
  }

  @Override
  public int forget(MemoryGroup group, Forgetting which) {
    synchronized (places) {
      Map<String, Kept> place = places.getOrDefault(group.place(), new TreeMap<>());
      int before = place.size();
      place.values().removeIf(kept -> which.means(kept.memory()));
      return before - place.size();
    }
  }

  @Override
  public List<Held> groups(TenantId tenant) {
    String prefix = tenant.value() + "\n";
    synchronized (places) {
      return places.entrySet().stream()
          .filter(place -> place.getKey().startsWith(prefix) && !place.getValue().isEmpty())
          .map(
              place -> new Held(place.getKey().substring(prefix.length()), place.getValue().size()))
          .toList();
    }
  }

  @Override
  public void close() {}
}
