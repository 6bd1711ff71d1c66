package dev.capstan.llm.limit;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.llm.limit.Allotments.Grant;
import dev.capstan.llm.limit.Allotments.Wish;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Allotments in memory, which several limiters may share, each as a process of its own. */
final class MemoryAllotments {
  private record Want(long amount, long since, long until) {}

  private static final long SECOND = 1_000_000_000L;

  private final InstantSource clock;
  private final Map<String, TreeMap<Long, Long>> lots = new HashMap<>();
  private final Map<String, Map<Long, Want>> wants = new HashMap<>();
  private boolean away;

  MemoryAllotments(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void away(boolean isAway) {
    away = isAway;
  }

  /** How one process draws. */
  Allotments of(long process) {
    return wishes -> draw(process, wishes);
  }

  private synchronized List<Grant> draw(long process, List<Wish> wishes) {
    if (away) {
      throw Problem.of(ProblemCode.UNAVAILABLE, "the store is away").refusal();
    }
    return wishes.stream().map(wish -> draw(process, wish)).toList();
  }

  private Grant draw(long process, Wish wish) {
    long now = Nanos.of(clock.instant());
    long window = wish.limit().window().toNanos();
    String gate = wish.limit().key() + wish.limit().unit() + window;
    TreeMap<Long, Long> taken = lots.computeIfAbsent(gate, _ -> new TreeMap<>());
    Map<Long, Want> waiting = wants.computeIfAbsent(gate, _ -> new HashMap<>());
    wish.givenBack()
        .forEach((lot, amount) -> taken.computeIfPresent(lot, (_, had) -> had - amount));
    taken.headMap(now, true).clear();
    waiting.values().removeIf(want -> want.until() <= now);
    Want mine = wish.amount() > 0 ? waiting.remove(process) : waiting.get(process);
    long since = mine == null ? now : mine.since();
    long before =
        waiting.values().stream()
            .filter(want -> want.since() < since)
            .mapToLong(Want::amount)
            .sum();
    long used = wish.owed() + taken.values().stream().mapToLong(Long::longValue).sum();
    long granted = Math.clamp(wish.limit().most() - used - before, 0, wish.amount());
    long lot = now + wish.valid().toNanos() + window;
    taken.merge(lot, granted + wish.owed(), Long::sum);
    if (granted == wish.amount()) {
      return new Grant(granted, lot, Duration.ZERO);
    }
    waiting.put(
        process, new Want(wish.amount() - granted, granted > 0 ? now : since, now + SECOND));
    boolean isKept = used + granted < wish.limit().most();
    return new Grant(granted, lot, Duration.ofNanos(isKept ? SECOND / 20 : taken.firstKey() - now));
  }
}
