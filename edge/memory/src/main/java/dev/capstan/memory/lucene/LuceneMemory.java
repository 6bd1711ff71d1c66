package dev.capstan.memory.lucene;

import dev.capstan.agents.memory.Embedder;
import dev.capstan.agents.memory.Forgetting;
import dev.capstan.agents.memory.Memory;
import dev.capstan.agents.memory.MemoryGroup;
import dev.capstan.agents.memory.Query;
import dev.capstan.agents.memory.Ranking;
import dev.capstan.agents.memory.Recalled;
import dev.capstan.agents.memory.Remembered;
import dev.capstan.agents.memory.Writing;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.TenantId;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.AlreadyClosedException;

/** Memory in a folder of this machine, for one process at a time. */
public final class LuceneMemory implements Memory {
  private interface Work<T> {
    T with(Index index) throws IOException;
  }

  private final Embedder embedder;
  private final Ranking ranking;
  private final Opening opening;
  private final Map<String, CompletableFuture<Remembered>> underWay = new ConcurrentHashMap<>();
  private Index index;
  private boolean closed;

  /**
   * @param news is told when the index was broken, and what is left of it
   */
  public static LuceneMemory open(
      Path folder, Embedder embedder, Ranking ranking, Consumer<String> news) {
    Opening opening = new Opening(folder, news);
    try {
      return new LuceneMemory(opening, embedder, ranking);
    } catch (IOException broken) {
      throw unavailable(broken);
    }
  }

  private LuceneMemory(Opening opening, Embedder embedder, Ranking ranking) throws IOException {
    this.opening = opening;
    this.embedder = embedder;
    this.ranking = ranking;
    this.index = opening.open();
  }

  @Override
  public Remembered write(MemoryGroup group, Writing writing, Instant now) {
    Remembered fresh = Remembered.of(group, writing, now);
    CompletableFuture<Remembered> mine = new CompletableFuture<>();
    CompletableFuture<Remembered> others = underWay.putIfAbsent(fresh.id(), mine);
    if (others != null) {
      return joined(others);
    }
    try {
      Remembered kept = doing(index -> write(index, group, fresh, now));
      mine.complete(kept);
      return kept;
    } catch (RuntimeException | Error failed) {
      mine.completeExceptionally(failed);
      throw failed;
    } finally {
      underWay.remove(fresh.id());
    }
  }

  private static Remembered joined(CompletableFuture<Remembered> others) {
    try {
      return others.join();
    } catch (CompletionException failed) {
      if (failed.getCause() instanceof RuntimeException why) {
        throw why;
      }
      throw failed;
    }
  }

  private Remembered write(Index index, MemoryGroup group, Remembered fresh, Instant now)
      throws IOException {
    List<Remembered> before =
        index.look(searcher -> Entries.of(searcher, id(group, fresh.id())).read(0, 1));
    if (!before.isEmpty()) {
      return before.getFirst();
    }
    Document entry = Entry.of(group, fresh, embedder.embed(fresh.text()));
    index.make(writer -> writer.updateDocument(Entry.idOf(fresh.id()), entry));
    makeRoom(index, group, fresh.id(), now);
    return fresh;
  }

  private void makeRoom(Index index, MemoryGroup group, String newest, Instant now)
      throws IOException {
    org.apache.lucene.search.Query place = new TermQuery(Entry.placeOf(group));
    List<String> least =
        index.look(searcher -> {
          int surplus = ranking.surplus(searcher.count(place));
          return surplus == 0
              ? List.of()
              : Entries.of(searcher, place).least(ranking, now, newest, surplus);
        });
    if (!least.isEmpty()) {
      index.make(writer -> writer.deleteDocuments(terms(least)));
    }
  }

  private static Term[] terms(List<String> ids) {
    return ids.stream().map(Entry::idOf).toArray(Term[]::new);
  }

  @Override
  public List<Recalled> recall(MemoryGroup group, Query query, Instant now) {
    return doing(index -> {
      if (index.look(searcher -> searcher.count(new TermQuery(Entry.placeOf(group)))) == 0) {
        return List.of();
      }
      float[] meaning = embedder.embed(query.text());
      return index.look(searcher -> {
        Search search = new Search(searcher, index.analyzer(), group, query.text(), meaning);
        return ranking.best(search.candidates(query, ranking, now), query.limit(), now);
      });
    });
  }

  @Override
  public List<Remembered> list(MemoryGroup group, int skip, int limit) {
    return doing(index ->
        index.look(searcher ->
            Entries.of(searcher, new TermQuery(Entry.placeOf(group))).read(skip, limit)));
  }

  @Override
  public int forget(MemoryGroup group, Forgetting which) {
    return doing(index -> {
      List<String> ids =
          index.look(searcher ->
              switch (which) {
                case Forgetting.One one ->
                    Entries.of(searcher, id(group, one.id())).ids(which::means);
                case Forgetting.Containing _, Forgetting.All _ ->
                    Entries.of(searcher, new TermQuery(Entry.placeOf(group))).ids(which::means);
              });
      if (!ids.isEmpty()) {
        index.make(writer -> {
          writer.deleteDocuments(terms(ids));
          // Else the text would stay in its file until the segment happens to be merged.
          writer.forceMergeDeletes(false);
        });
      }
      return ids.size();
    });
  }

  /** This memory, if it is the group's. */
  private static org.apache.lucene.search.Query id(MemoryGroup group, String id) {
    return new BooleanQuery.Builder()
        .add(new TermQuery(Entry.idOf(id)), BooleanClause.Occur.FILTER)
        .add(new TermQuery(Entry.placeOf(group)), BooleanClause.Occur.FILTER)
        .build();
  }

  @Override
  public List<Held> groups(TenantId tenant) {
    return doing(index ->
        index.look(searcher -> {
          List<Held> held = new ArrayList<>();
          for (String group : Entries.groups(searcher, tenant)) {
            int memories = count(searcher, new MemoryGroup(tenant, group));
            if (memories > 0) {
              held.add(new Held(group, memories));
            }
          }
          return held;
        }));
  }

  private static int count(IndexSearcher searcher, MemoryGroup group) throws IOException {
    return searcher.count(new TermQuery(Entry.placeOf(group)));
  }

  private <T> T doing(Work<T> work) {
    try {
      return work.with(index());
    } catch (IOException | AlreadyClosedException | RejectedExecutionException broken) {
      throw unavailable(broken);
    }
  }

  /** Opens it again after the disk was full or away. */
  private synchronized Index index() throws IOException {
    if (closed) {
      throw Problem.of(ProblemCode.UNAVAILABLE, "the agents' memory is closed").refusal();
    }
    if (!index.isSound()) {
      index.close();
      index = opening.open();
    }
    return index;
  }

  private static RuntimeException unavailable(Exception broken) {
    return Problem.of(
            ProblemCode.UNAVAILABLE,
            "the agents' memory cannot be read or written: "
                + broken.getMessage()
                + "; see that its disk is there, writable and not full")
        .refusal();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      index.close();
      opening.closed();
    } catch (IOException broken) {
      throw unavailable(broken);
    }
  }
}
