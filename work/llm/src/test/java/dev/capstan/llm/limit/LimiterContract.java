package dev.capstan.llm.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.llm.Hold;
import dev.capstan.llm.Patience;
import dev.capstan.llm.limit.Limit.Unit;
import dev.capstan.llm.limit.Limiter.Entry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every limiter does. Whoever runs it says how time goes by. */
@Timeout(60)
public abstract class LimiterContract {
  protected static final Duration MINUTE = Duration.ofMinutes(1);

  protected abstract Limiter limiter();

  protected abstract Instant now();

  /** Lets so much time go by, and rings what is due. */
  protected abstract void pass(Duration time);

  /** Thirty seconds less what the limiter is uncertain of, and a second. */
  protected Duration justBefore() {
    return Duration.ofSeconds(29);
  }

  private static Limit requests(String key, long most) {
    return new Limit(key, Unit.REQUESTS, most, MINUTE);
  }

  private static Limit tokens(String key, long most) {
    return new Limit(key, Unit.TOKENS, most, MINUTE);
  }

  private static Limit atOnce(String key, long most) {
    return new Limit(key, Unit.CONCURRENT, most, Duration.ZERO);
  }

  /** A call on a thread of its own, and what it was told while it waited. */
  private final class Caller {
    final BlockingQueue<Hold> holds = new LinkedBlockingQueue<>();
    final FutureTask<Entry> entry;
    final Thread thread;

    Caller(List<Limit> limits, long tokens, Duration patience) {
      Patience until =
          new Patience(
              now().plus(patience),
              hold -> {
                if (hold != null) {
                  holds.add(hold);
                }
              });
      entry = new FutureTask<>(() -> limiter().enter(limits, tokens, until));
      thread = Thread.ofVirtual().start(entry);
    }

    private void await() throws InterruptedException, ExecutionException {
      try {
        var _ = entry.get(50, TimeUnit.MILLISECONDS);
      } catch (TimeoutException notYet) {
        moment();
      }
    }

    Hold.ForLimit waits() {
      try {
        return (Hold.ForLimit) holds.poll(30, TimeUnit.SECONDS);
      } catch (InterruptedException stopped) {
        throw new IllegalStateException(stopped);
      }
    }

    Entry end() {
      try {
        while (!entry.isDone()) {
          await();
        }
        return entry.get();
      } catch (InterruptedException | ExecutionException failed) {
        throw new IllegalStateException(failed);
      }
    }
  }

  /** A moment in which an answer from elsewhere may come. */
  protected void moment() {}

  private Caller calls(Limit... limits) {
    return new Caller(List.of(limits), 1, Duration.ofHours(1));
  }

  private Entry tries(long tokens, Limit... limits) {
    try {
      return limiter().enter(List.of(limits), tokens, new Patience(now(), _ -> {}));
    } catch (InterruptedException stopped) {
      throw new IllegalStateException(stopped);
    }
  }

  private static void enters(Entry entry) {
    assertThat(entry).isInstanceOf(Entry.Entered.class);
  }

  private static void isTurnedAway(Entry entry) {
    assertThat(entry).isInstanceOf(Entry.TurnedAway.class);
  }

  private static Limiter.Pass pass(Entry entry) {
    return ((Entry.Entered) entry).pass();
  }

  @Test
  void what_was_admitted_leaves_the_window_after_its_length_and_not_before() {
    Limit limit = requests("provider a", 2);
    enters(tries(1, limit));
    pass(Duration.ofSeconds(30));
    enters(tries(1, limit));
    isTurnedAway(tries(1, limit));
    pass(justBefore());
    isTurnedAway(tries(1, limit));
    pass(Duration.ofSeconds(30).minus(justBefore()));
    enters(tries(1, limit));
    isTurnedAway(tries(1, limit));
  }

  @Test
  void one_that_is_full_takes_nothing_from_the_others() {
    Limit full = requests("tenant x", 1);
    Limit shared = requests("provider a", 2);
    enters(tries(1, full));
    isTurnedAway(tries(1, shared, full));
    isTurnedAway(tries(1, shared, full));
    enters(tries(1, shared));
    enters(tries(1, shared));
  }

  @Test
  void tokens_that_were_not_used_are_free_again_and_those_beyond_the_estimate_count() {
    Limit limit = tokens("provider a", 100);
    Limiter.Pass pass = pass(tries(90, limit));
    isTurnedAway(tries(20, limit));
    pass.used(80);
    enters(tries(20, limit));
    pass.used(95);
    pass.close();
    isTurnedAway(tries(1, limit));
  }

  @Test
  void whoever_asks_for_more_than_there_ever_is_need_not_wait() {
    Limit limit = tokens("provider a", 100);
    assertThat(new Caller(List.of(limit), 101, Duration.ofHours(1)).end())
        .isEqualTo(new Entry.TurnedAway(limit, null));
  }

  @Test
  void whoever_cannot_get_in_before_their_deadline_is_told_at_once_when_it_would_be() {
    Limit limit = requests("provider a", 1);
    Instant entered = now();
    enters(tries(1, limit));
    Entry entry = new Caller(List.of(limit), 1, Duration.ofSeconds(10)).end();
    assertThat(entry).isInstanceOf(Entry.TurnedAway.class);
    assertThat(((Entry.TurnedAway) entry).freeAt())
        .isBetween(entered.plusSeconds(59), entered.plusSeconds(61));
  }

  @Test
  void patience_ends() {
    Limit limit = atOnce("provider a", 1);
    enters(tries(1, limit));
    Caller caller = new Caller(List.of(limit), 1, Duration.ofSeconds(10));
    assertThat(caller.waits().what()).isEqualTo("provider a calls at once");
    pass(Duration.ofSeconds(11));
    isTurnedAway(caller.end());
  }

  @Test
  void a_wait_says_what_for_and_until_when() {
    Limit limit = tokens("provider a", 10);
    enters(tries(10, limit));
    Hold.ForLimit hold = calls(limit).waits();
    assertThat(hold.what()).startsWith("provider a tokens/min, free at ");
    assertThat(hold.freeAt()).isAfter(now());
  }

  @Test
  void those_who_want_the_same_enter_in_order_of_arrival() {
    Limit limit = atOnce("provider a", 1);
    List<Limiter.Pass> inside = new ArrayList<>(List.of(pass(tries(1, limit))));
    List<Caller> callers = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      callers.add(calls(limit));
      callers.getLast().waits();
    }
    for (Caller caller : callers) {
      inside.removeFirst().close();
      inside.add(pass(caller.end()));
      assertThat(callers.stream().filter(each -> each.entry.isDone()).toList())
          .isEqualTo(callers.subList(0, callers.indexOf(caller) + 1));
    }
  }

  @Test
  void nobody_passes_those_who_wait_before_them() {
    Limit limit = tokens("provider a", 100);
    enters(tries(60, limit));
    Caller large = new Caller(List.of(limit), 80, Duration.ofHours(1));
    large.waits();
    isTurnedAway(tries(1, limit));
  }

  @Test
  void one_tenant_that_waits_does_not_stop_the_others_at_the_same_provider() {
    Limit provider = requests("provider a", 10);
    Limit tenant = requests("tenant x", 1);
    enters(tries(1, provider, tenant));
    calls(provider, tenant).waits();
    enters(tries(1, provider, requests("tenant y", 1)));
  }

  @Test
  void an_interrupt_ends_the_wait_and_lets_the_next_one_forward() throws Exception {
    Limit limit = tokens("provider a", 100);
    enters(tries(60, limit));
    Caller large = new Caller(List.of(limit), 80, Duration.ofHours(1));
    large.waits();
    Caller small = new Caller(List.of(limit), 30, Duration.ofHours(1));
    small.waits();
    large.thread.interrupt();
    enters(small.end());
    large.thread.join();
    assertThat(large.entry.state()).isEqualTo(java.util.concurrent.Future.State.FAILED);
  }

  @Test
  void a_call_that_was_never_made_counts_for_nothing() {
    Limit requests = requests("provider a", 1);
    Limit tokens = tokens("provider a", 10);
    Limit atOnce = atOnce("provider a", 1);
    pass(tries(10, requests, tokens, atOnce)).unused();
    enters(tries(10, requests, tokens, atOnce));
  }

  @Test
  void waiters_enter_when_the_window_moves_on() {
    Limit limit = requests("provider a", 1);
    enters(tries(1, limit));
    Caller first = calls(limit);
    first.waits();
    Caller second = calls(limit);
    second.waits();
    pass(Duration.ofSeconds(61));
    enters(first.end());
    assertThat(second.entry.isDone()).isFalse();
    pass(Duration.ofSeconds(61));
    enters(second.end());
  }
}
