package dev.capstan.llm.cache;

import dev.capstan.kernel.TenantId;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers in memory, bounded in bytes. When they are too many, whoever has most loses those that
 * were not asked for longest, so that one tenant cannot push out the others.
 */
public final class MemoryAnswers implements AnswerStore {
  /** What an answer weighs beside its texts: the key, the map's node, the records. */
  private static final long BESIDE = 400;

  private record Kept(Answer answer, Instant until, long bytes) {}

  private static final class Shelf {
    final LinkedHashMap<Fingerprint, Kept> kept = new LinkedHashMap<>(16, 0.75f, true);
    long bytes;
  }

  private final InstantSource clock;
  private final long mostBytes;
  private final Map<TenantId, Shelf> shelves = new HashMap<>();
  private long bytes;

  /** Keeps at most so many bytes in all. */
  public MemoryAnswers(InstantSource clock, long mostBytes) {
    this.clock = clock;
    this.mostBytes = mostBytes;
  }

  @Override
  public synchronized @Nullable Answer find(TenantId tenant, Fingerprint question) {
    Shelf shelf = shelves.get(tenant);
    Kept kept = shelf == null ? null : shelf.kept.get(question);
    if (shelf == null || kept == null) {
      return null;
    }
    if (!clock.instant().isBefore(kept.until())) {
      shelf.kept.remove(question);
      weigh(shelf, -kept.bytes());
      return null;
    }
    return kept.answer();
  }

  @Override
  public synchronized void keep(
      TenantId tenant, Fingerprint question, Answer answer, Duration life) {
    long weight = weight(answer);
    if (weight > mostBytes / 4) {
      return;
    }
    Shelf shelf = shelves.computeIfAbsent(tenant, _ -> new Shelf());
    Kept before = shelf.kept.put(question, new Kept(answer, clock.instant().plus(life), weight));
    weigh(shelf, weight - (before == null ? 0 : before.bytes()));
    while (bytes > mostBytes) {
      dropOne();
    }
  }

  private void dropOne() {
    Map.Entry<TenantId, Shelf> largest =
        shelves.entrySet().stream()
            .max(Comparator.comparingLong(entry -> entry.getValue().bytes))
            .orElseThrow();
    Shelf shelf = largest.getValue();
    Iterator<Kept> eldest = shelf.kept.values().iterator();
    weigh(shelf, -eldest.next().bytes());
    eldest.remove();
    if (shelf.kept.isEmpty()) {
      shelves.remove(largest.getKey());
    }
  }

  private void weigh(Shelf shelf, long more) {
    shelf.bytes += more;
    bytes += more;
  }

  /** Bytes of everything that is kept. */
  public synchronized long bytes() {
    return bytes;
  }

  private static long weight(Answer answer) {
    Message.Assistant said = answer.message();
    long characters = said.text().length();
    for (ToolRequest request : said.toolRequests()) {
      characters += request.arguments().length() + request.tool().length() + 64;
    }
    Message.Keepsake keepsake = said.keepsake();
    characters += keepsake == null ? 0 : 4L * keepsake.content().toString().length();
    return BESIDE + 2 * characters;
  }
}
