package dev.capstan.llm.limit;

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

  @Nullable Entry entry;
  @Nullable Hold news;

  Waiter(List<Limit> limits, long tokens, long order, Instant since) {
    this.limits = limits;
    this.tokens = tokens;
    this.order = order;
    this.since = since;
  }

  void end(Entry end) {
    entry = end;
    signal.release();
  }

  void tell(Hold hold) {
    news = hold;
    signal.release();
  }
}
