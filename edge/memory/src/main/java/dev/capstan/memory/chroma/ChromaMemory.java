package dev.capstan.memory.chroma;

import dev.capstan.agents.memory.Bm25;
import dev.capstan.agents.memory.Embedder;
import dev.capstan.agents.memory.Forgetting;
import dev.capstan.agents.memory.Memory;
import dev.capstan.agents.memory.MemoryGroup;
import dev.capstan.agents.memory.Query;
import dev.capstan.agents.memory.Ranking;
import dev.capstan.agents.memory.Recalled;
import dev.capstan.agents.memory.Remembered;
import dev.capstan.agents.memory.Writing;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.TenantId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Memory in a Chroma server, which several processes may share: a collection for each group, so
 * that no filter stands between them. Chroma finds by meaning and by what a text contains; how much
 * the words count is reckoned here.
 */
public final class ChromaMemory implements Memory {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int MOST_WORDS = 16;
  private static final int PAGE = 200;
  private static final int TRIES = 3;
  private static final String TENANT = "capstan_tenant";
  private static final String GROUP = "capstan_group";

  private final ChromaWire wire;
  private final Embedder embedder;
  private final Ranking ranking;
  private final Map<String, Collection> collections = new ConcurrentHashMap<>();

  /** Asks nothing of the server yet. */
  public ChromaMemory(URI server, Embedder embedder, Ranking ranking) {
    this(server, embedder, ranking, PATIENCE);
  }

  ChromaMemory(URI server, Embedder embedder, Ranking ranking, Duration patience) {
    this.wire = new ChromaWire(server, patience);
    this.embedder = embedder;
    this.ranking = ranking;
  }

  private static String name(MemoryGroup group) {
    return "capstan_" + MemoryGroup.digest(group.place()).substring(0, 40);
  }

  @Override
  public Remembered write(MemoryGroup group, Writing writing, Instant now) {
    Remembered fresh = Remembered.of(group, writing, now);
    return making(
        group,
        collection -> {
          List<Remembered> before = collection.byId(fresh.id());
          if (!before.isEmpty()) {
            return before.getFirst();
          }
          collection.add(fresh, embedder.embed(fresh.text()));
          makeRoom(collection, fresh.id(), now);
          // Another process may have added its own under the same key first; Chroma keeps that.
          List<Remembered> kept = collection.byId(fresh.id());
          return kept.isEmpty() ? fresh : kept.getFirst();
        });
  }

  private void makeRoom(Collection collection, String newest, Instant now) {
    int surplus = ranking.surplus(collection.count());
    if (surplus > 0) {
      collection.delete(
          collection.all().stream()
              .filter(memory -> !memory.id().equals(newest))
              .sorted(Comparator.comparingDouble(memory -> ranking.worth(memory, now)))
              .limit(surplus)
              .map(Remembered::id)
              .toList());
    }
  }

  @Override
  public List<Recalled> recall(MemoryGroup group, Query query, Instant now) {
    return looking(
        group,
        List.of(),
        collection -> {
          float[] meaning = embedder.embed(query.text());
          List<String> words =
              Bm25.words(query.text()).stream()
                  .distinct()
                  .sorted(Comparator.comparingInt(String::length).reversed())
                  .limit(MOST_WORDS)
                  .toList();
          List<Collection.Found> found = collection.near(meaning, words, query.candidates());
          double[] byWords =
              new Bm25(found.stream().map(one -> one.memory().text()).toList())
                  .scores(query.text());
          List<Ranking.Candidate> candidates = new ArrayList<>();
          for (int i = 0; i < byWords.length; i++) {
            Collection.Found one = found.get(i);
            candidates.add(new Ranking.Candidate(one.memory(), byWords[i], one.likeness()));
          }
          return ranking.best(candidates, query.limit(), now);
        });
  }

  @Override
  public List<Remembered> list(MemoryGroup group, int skip, int limit) {
    return looking(
        group,
        List.of(),
        collection ->
            collection.all().stream()
                .sorted(Remembered.NEWEST_FIRST)
                .skip(skip)
                .limit(limit)
                .toList());
  }

  @Override
  public int forget(MemoryGroup group, Forgetting which) {
    return looking(
        group,
        0,
        collection -> {
          List<Remembered> meant =
              switch (which) {
                case Forgetting.One one -> collection.byId(one.id());
                case Forgetting.Containing _, Forgetting.All _ ->
                    collection.all().stream().filter(which::means).toList();
              };
          if (which instanceof Forgetting.All) {
            collections.remove(group.place());
            wire.delete("/" + name(group));
          } else {
            collection.delete(meant.stream().map(Remembered::id).toList());
          }
          return meant.size();
        });
  }

  @Override
  public List<Held> groups(TenantId tenant) {
    List<Held> groups = new ArrayList<>();
    JsonNode page;
    int offset = 0;
    do {
      page = wire.get("?limit=" + PAGE + "&offset=" + offset);
      if (page == null) {
        return groups;
      }
      for (JsonNode listed : page) {
        JsonNode metadata = listed.path("metadata");
        String name = metadata.path(GROUP).asString("");
        if (tenant.value().equals(metadata.path(TENANT).asString("")) && !name.isBlank()) {
          MemoryGroup group = new MemoryGroup(tenant, name);
          int memories = looking(group, 0, Collection::count);
          if (memories > 0) {
            groups.add(new Held(name, memories));
          }
        }
      }
      offset += page.size();
    } while (page.size() == PAGE);
    groups.sort(Comparator.comparing(Held::group));
    return groups;
  }

  /** Works on the group's collection, which is made when there is none. */
  private <T> T making(MemoryGroup group, Function<Collection, T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return work.apply(collections.computeIfAbsent(group.place(), _ -> made(group)));
      } catch (Collection.Gone gone) {
        collections.remove(group.place());
        if (tries == TRIES) {
          throw wire.unavailable("loses the collection that it was asked to make");
        }
      }
    }
  }

  private Collection made(MemoryGroup group) {
    ObjectNode body = Json.object().put("name", name(group)).put("get_or_create", true);
    body.putObject("metadata").put(TENANT, group.tenant().value()).put(GROUP, group.name());
    body.putObject("configuration").putObject("hnsw").put("space", "ip");
    JsonNode made = wire.post("", body);
    String id = made == null ? "" : made.path("id").asString("");
    if (id.isEmpty()) {
      throw wire.unavailable("makes no collections");
    }
    return new Collection(wire, id);
  }

  /** Works on the group's collection, if there is one. */
  private <T> T looking(MemoryGroup group, T nothing, Function<Collection, T> work) {
    for (int tries = 1; ; tries++) {
      Collection collection = collections.computeIfAbsent(group.place(), _ -> found(group));
      if (collection == null) {
        return nothing;
      }
      try {
        return work.apply(collection);
      } catch (Collection.Gone gone) {
        collections.remove(group.place(), collection);
        if (tries == TRIES) {
          return nothing;
        }
      }
    }
  }

  private @Nullable Collection found(MemoryGroup group) {
    JsonNode found = wire.get("/" + name(group));
    return found == null ? null : new Collection(wire, found.path("id").asString(""));
  }

  @Override
  public void close() {
    wire.close();
  }
}
