package dev.capstan.llm.limit;

import dev.capstan.kernel.Problem;
import dev.capstan.llm.Hold;
import dev.capstan.llm.limit.Limiter.Entry;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A call that waits; everything but the signal belongs to whoever has the turnstile's lock. */
final class Waiter {
  final List<Limit> limits;
  final long tokens;
  final long order;
  final Instant since;
  final Semaphore signal = new Semaphore(0);

  /** When its patience ends. */
  final long until;

  /** Where it waits; null before. */
  @Nullable Lane lane;

  /** Whether it was promised an answer of the store that has not come. */
  boolean expectsAnswer;

  @Nullable Entry entry;
  @Nullable Problem problem;
  @Nullable Hold news;

  Waiter(List<Limit> limits, long tokens, long until, long order, Instant since) {
    this.limits = limits;
    this.tokens = tokens;
    this.until = until;
    this.order = order;
    this.since = since;
  }

  boolean isOver() {
    return entry != null || problem != null;
  }

  void end(Entry end) {
    entry = end;
    signal.release();
  }

  void fail(Problem why) {
    problem = why;
    signal.release();
  }

  void tell(Hold hold) {
    news = hold;
    signal.release();
  }
}
