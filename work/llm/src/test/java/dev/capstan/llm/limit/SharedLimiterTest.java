package dev.capstan.llm.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.llm.Patience;
import dev.capstan.llm.limit.Limit.Unit;
import dev.capstan.llm.limit.Limiter.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedLimiterTest extends LimiterContract {
  private static final Limit SIXTY = new Limit("provider a", Unit.REQUESTS, 60, MINUTE);

  private final ManualTimers time = new ManualTimers();
  private final MemoryAllotments store = new MemoryAllotments(time);
  private final SharedLimiter limiter = new SharedLimiter(store.of(1), time, time);
  private final SharedLimiter other = new SharedLimiter(store.of(2), time, time);

  @AfterEach
  void close() {
    limiter.close();
    other.close();
  }

  @Override
  protected Limiter limiter() {
    return limiter;
  }

  @Override
  protected Instant now() {
    return time.instant();
  }

  @Override
  protected void pass(Duration by) {
    // What is drawn before it is used counts a little longer.
    time.advance(by.plus(by.dividedBy(50)), () -> {});
  }

  /** The store may answer a question that was asked before the time passed: it is asked again. */
  @Override
  protected void moment() {
    time.advance(Duration.ofMillis(500), () -> {});
  }

  @Override
  protected Duration justBefore() {
    return Duration.ofSeconds(28);
  }

  private long admitted(int calls) throws Exception {
    Patience none = new Patience(now(), _ -> {});
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Entry>> entries =
          IntStream.range(0, calls)
              .mapToObj(i ->
                  threads.submit(
                      () -> (i % 2 == 0 ? limiter : other).enter(List.of(SIXTY), 1, none)))
              .toList();
      long entered = 0;
      for (Future<Entry> entry : entries) {
        entered += entry.get() instanceof Entry.Entered ? 1 : 0;
      }
      return entered;
    }
  }

  @Test
  void two_processes_with_500_calls_admit_60_in_a_minute() throws Exception {
    assertThat(admitted(500)).isEqualTo(60);
    time.advance(Duration.ofSeconds(59), () -> {});
    assertThat(admitted(500)).isZero();
    time.advance(Duration.ofSeconds(2), () -> {});
    assertThat(admitted(500)).isEqualTo(60);
  }

  @Test
  void nothing_is_admitted_while_the_store_is_away() throws Exception {
    store.away(true);
    Patience none = new Patience(now(), _ -> {});
    assertThatThrownBy(() -> limiter.enter(List.of(SIXTY), 1, none)).isInstanceOf(Refusal.class);
    store.away(false);
    time.advance(Duration.ofSeconds(2), () -> {});
    assertThat(limiter.enter(List.of(SIXTY), 1, none)).isInstanceOf(Entry.Entered.class);
  }
}
