package dev.capstan.llm.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.llm.Patience;
import dev.capstan.llm.limit.Limit.Unit;
import dev.capstan.llm.limit.Limiter.Entry;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Gates that are opened and shut by hand. */
class TurnstileTest {
  private static final class Door implements Room {
    private volatile boolean isOpen;

    @Override
    public boolean fits(long amount, long most, long now) {
      return isOpen;
    }

    @Override
    public Place take(long amount, long now) {
      return Place.NOWHERE;
    }

    @Override
    public long freeAt(long amount, long most, long now) {
      return NEVER;
    }

    @Override
    public boolean isEmpty(long now) {
      return false;
    }
  }

  private final ManualTimers time = new ManualTimers();
  private final Map<String, Door> doors = new HashMap<>();
  private final Turnstile turnstile =
      new Turnstile(time, time, limit -> doors.computeIfAbsent(limit.key(), _ -> new Door()));

  private static Limit limit(String name) {
    return new Limit(name, Unit.CONCURRENT, 1, Duration.ZERO);
  }

  /** Somebody who stands before one of these when this returns. */
  private FutureTask<Entry> comes(String... names) throws InterruptedException {
    List<Limit> limits = List.of(names).stream().map(TurnstileTest::limit).toList();
    Semaphore waits = new Semaphore(0);
    Patience patience = new Patience(time.instant().plusSeconds(60), _ -> waits.release());
    FutureTask<Entry> entry = new FutureTask<>(() -> turnstile.enter(limits, 1, patience));
    Thread.ofVirtual().start(entry);
    assertThat(waits.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    return entry;
  }

  /** Opens the one door, with all others shut. */
  private void opens(String name) {
    doors.forEach((other, door) -> door.isOpen = other.equals(name));
    turnstile.answered(List.of(), List.of(limit(name)), null);
  }

  @Test
  void who_has_its_gates_to_itself_does_not_wait_for_the_turn_of_those_who_wait_for_it()
      throws Exception {
    FutureTask<Entry> older = comes("far", "near");
    FutureTask<Entry> passedOver = comes("own", "near");
    // Each time one of its gates has room, the other has none.
    for (int i = 1; i < Turnstile.MOST_MOVES; i++) {
      opens(i % 2 == 1 ? "own" : "near");
    }
    opens("near");
    opens("far");
    // The older one stands before the near gate now, which is kept for the other from here on.
    opens("own");
    doors.values().forEach(door -> door.isOpen = true);
    turnstile.answered(List.of(), List.of(limit("near")), null);
    assertThat(passedOver.get(20, TimeUnit.SECONDS)).isInstanceOf(Entry.Entered.class);
    assertThat(older.get(20, TimeUnit.SECONDS)).isInstanceOf(Entry.Entered.class);
  }
}
