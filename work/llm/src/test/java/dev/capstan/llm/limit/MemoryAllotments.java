package dev.capstan.llm.limit;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Allotments in memory, which several limiters may share. */
public final class MemoryAllotments implements Allotments {
  private final InstantSource clock;
  private final Map<String, TreeMap<Long, Long>> lots = new HashMap<>();
  private boolean away;

  public MemoryAllotments(InstantSource clock) {
    this.clock = clock;
  }

  synchronized void away(boolean isAway) {
    away = isAway;
  }

  @Override
  public synchronized List<Grant> draw(List<Wish> wishes) {
    if (away) {
      throw Problem.of(ProblemCode.UNAVAILABLE, "the store is away").refusal();
    }
    return wishes.stream().map(this::draw).toList();
  }

  private Grant draw(Wish wish) {
    long now = Nanos.of(clock.instant());
    long window = wish.limit().window().toNanos();
    TreeMap<Long, Long> taken =
        lots.computeIfAbsent(
            wish.limit().key() + wish.limit().unit() + window, _ -> new TreeMap<>());
    wish.givenBack()
        .forEach((lot, amount) -> taken.computeIfPresent(lot, (_, had) -> had - amount));
    taken.headMap(now, true).clear();
    long lot = now + wish.valid().toNanos() + window;
    taken.merge(lot, wish.owed(), Long::sum);
    long used = taken.values().stream().mapToLong(Long::longValue).sum();
    long granted = Math.clamp(wish.limit().most() - used, 0, wish.amount());
    taken.merge(lot, granted, Long::sum);
    Duration freeIn =
        granted == wish.amount()
            ? Duration.ZERO
            : Duration.between(clock.instant(), Nanos.instant(taken.firstKey()));
    return new Grant(granted, lot, freeIn);
  }
}
