package dev.capstan.views;

import dev.capstan.journal.EventCodec;
import dev.capstan.journal.Journal;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.RunId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What this process wrote lately, and whoever wants to hear of more. Follows the journal, keeps a
 * bounded tail of recent runs in memory, and reads the journal for everything older, so that what
 * it answers is what the journal holds. Safe for use by any number of threads.
 */
public final class LiveEvents {
  private static final int MOST_BYTES = 16 * 1024 * 1024;
  private static final int MOST_RECENT = 4_000;

  private final Journal journal;
  private final Map<RunId, Tail> tails = new LinkedHashMap<>(1024, 0.75f, true);
  private final Deque<Recorded> recent = new ArrayDeque<>();
  private final Map<RunId, Set<EventStream>> streams = new ConcurrentHashMap<>();
  private long bytes;

  private LiveEvents(Journal journal) {
    this.journal = journal;
  }

  /** Begins to follow this journal. */
  public static LiveEvents of(Journal journal) {
    LiveEvents live = new LiveEvents(journal);
    journal.follow(live::hear);
    return live;
  }

  private void hear(List<Recorded> batch) {
    synchronized (tails) {
      for (Recorded recorded : batch) {
        bytes += tails.computeIfAbsent(recorded.run(), Tail::new).add(recorded);
        recent.addLast(recorded);
      }
      while (recent.size() > MOST_RECENT) {
        recent.removeFirst();
      }
      Iterator<Tail> eldest = tails.values().iterator();
      while (bytes > MOST_BYTES && eldest.hasNext()) {
        bytes -= eldest.next().bytes();
        eldest.remove();
      }
    }
    if (!streams.isEmpty()) {
      RunId told = null;
      for (Recorded recorded : batch) {
        if (!recorded.run().equals(told)) {
          told = recorded.run();
          streams.getOrDefault(told, Set.of()).forEach(EventStream::poke);
        }
      }
    }
  }

  /** The run's events after {@code after} in order, at most {@code limit}. May block. */
  public List<Recorded> read(RunId run, int after, int limit) {
    Tail tail;
    synchronized (tails) {
      tail = tails.get(run);
    }
    @Nullable List<Recorded> known = tail == null ? null : tail.after(after, limit);
    if (tail == null || known == null) {
      return journal.read(run, after, limit);
    }
    // Whether another process wrote on, only the journal knows; after an end nobody does.
    return known.isEmpty() && !tail.isOver() ? journal.read(run, after, limit) : known;
  }

  /**
   * The latest events of all runs that this process wrote, newest first.
   *
   * @param type only events of this wire name; null for all
   */
  public List<Recorded> recent(@Nullable String type, int limit) {
    List<Recorded> all;
    synchronized (tails) {
      all = new ArrayList<>(recent);
    }
    return all.reversed().stream()
        .filter(event -> type == null || EventCodec.wireName(event.event()).equals(type))
        .limit(limit)
        .toList();
  }

  /** Tells whoever streams the run how far a step under way is; nothing keeps it. */
  public void progress(RunId run, StepRef step, JsonNode progress) {
    streams
        .getOrDefault(run, Set.of())
        .forEach(stream -> stream.tell(new Progress(step, progress)));
  }

  /** A stream of the run's events after {@code after}; close it. */
  public EventStream stream(RunId run, int after) {
    EventStream stream = new EventStream(this, run, after);
    streams.compute(
        run,
        (_, known) -> {
          Set<EventStream> all = known == null ? ConcurrentHashMap.newKeySet() : known;
          all.add(stream);
          return all;
        });
    return stream;
  }

  /** How many streams are open. */
  public int open() {
    return streams.values().stream().mapToInt(Set::size).sum();
  }

  void left(EventStream stream) {
    streams.computeIfPresent(
        stream.run(),
        (_, all) -> {
          all.remove(stream);
          return all.isEmpty() ? null : all;
        });
  }
}
