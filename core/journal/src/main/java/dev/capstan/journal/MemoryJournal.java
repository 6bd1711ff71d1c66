package dev.capstan.journal;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A journal that is as durable as this process: for tests, examples and runs that may be lost.
 * Events pass through their JSON.
 */
public final class MemoryJournal implements Journal {
  private final Map<RunId, List<Recorded>> runs = new HashMap<>();
  private final Map<String, String> attachments = new ConcurrentHashMap<>();
  private final List<Consumer<List<Recorded>>> followers = new CopyOnWriteArrayList<>();
  private boolean closed;

  @Override
  public CompletableFuture<Appended> append(Append append) {
    synchronized (runs) {
      if (closed) {
        return CompletableFuture.failedFuture(new IllegalStateException("the journal is closed"));
      }
      List<Recorded> known = runs.computeIfAbsent(append.run(), run -> new ArrayList<>());
      if (append.firstSeq() != known.size() + 1) {
        return CompletableFuture.completedFuture(Appended.FENCED);
      }
      append
          .attachments()
          .forEach(attachment -> attachments.put(attachment.hash(), attachment.text()));
      List<Recorded> fresh = new ArrayList<>(append.events().size());
      for (int i = 0; i < append.events().size(); i++) {
        RunEvent event = append.events().get(i);
        RunEvent kept = EventCodec.decode(EventCodec.wireName(event), EventCodec.encode(event));
        fresh.add(new Recorded(append.run(), append.firstSeq() + i, append.at().get(i), kept));
      }
      known.addAll(fresh);
      List<Recorded> batch = List.copyOf(fresh);
      followers.forEach(follower -> follower.accept(batch));
      return CompletableFuture.completedFuture(Appended.DURABLE);
    }
  }

  @Override
  public List<Recorded> read(RunId run, int afterSeq, int limit) {
    synchronized (runs) {
      List<Recorded> known = runs.getOrDefault(run, List.of());
      int from = Math.min(Math.max(afterSeq, 0), known.size());
      return List.copyOf(known.subList(from, Math.min(known.size(), from + limit)));
    }
  }

  @Override
  public Map<RunId, List<Recorded>> readAll(Collection<RunId> wanted) {
    Map<RunId, List<Recorded>> found = new HashMap<>();
    wanted.forEach(run -> found.put(run, read(run, 0, Integer.MAX_VALUE)));
    found.values().removeIf(List::isEmpty);
    return found;
  }

  /** Every run that there is. */
  public List<RunId> runs() {
    synchronized (runs) {
      return runs.keySet().stream().sorted().toList();
    }
  }

  @Override
  public String attachment(String hash) {
    @Nullable String text = attachments.get(hash);
    if (text == null) {
      throw Problem.of(ProblemCode.NOT_FOUND, "the journal has no attachment " + hash).refusal();
    }
    return text;
  }

  @Override
  public void follow(Consumer<List<Recorded>> follower) {
    followers.add(follower);
  }

  @Override
  public Health health() {
    return new Health.Good();
  }

  @Override
  public void close() {
    synchronized (runs) {
      closed = true;
    }
  }
}
