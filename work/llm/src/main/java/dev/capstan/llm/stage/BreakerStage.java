package dev.capstan.llm.stage;

import dev.capstan.kernel.Breaker;
import dev.capstan.llm.provider.Fault;
import java.time.Duration;
import java.time.Instant;

/** Does not ask a target that keeps failing, and learns from how it answers. */
final class BreakerStage implements Leg {
  private final GatewayParts parts;
  private final Leg next;

  BreakerStage(GatewayParts parts, Leg next) {
    this.parts = parts;
    this.next = next;
  }

  @Override
  public Tried attempt(Attempt attempt) throws InterruptedException {
    Target target = attempt.target();
    Breaker breaker = target.health().breaker();
    Instant now = parts.clock().instant();
    if (!breaker.permits(now)) {
      return new Tried.Declined(
          "breaker", Declines.breaker(target), true, target.health().shutUntil(now));
    }
    boolean told = false;
    try {
      Tried tried = next.attempt(attempt);
      switch (tried) {
        case Tried.Answered _ -> breaker.succeeded();
        case Tried.Declined _ -> breaker.left();
        case Tried.Faulted faulted -> tell(breaker, faulted.fault(), attempt);
      }
      told = true;
      return tried;
    } finally {
      if (!told) {
        breaker.left();
      }
    }
  }

  private void tell(Breaker breaker, Fault fault, Attempt attempt) {
    Instant now = parts.clock().instant();
    switch (fault.kind()) {
      case BILLING, AUTHENTICATION -> breaker.trip(now);
      case OVERLOADED, SERVER_ERROR, UNREACHABLE, CONNECTION_BROKEN, MALFORMED ->
          breaker.failed(now);
      case TIMED_OUT -> {
        // A deadline that left it no time says nothing about the provider.
        if (wasGivenItsTime(attempt)) {
          breaker.failed(now);
        } else {
          breaker.left();
        }
      }
      case RATE_LIMITED, NO_SUCH_MODEL, TOO_LONG, CALLERS_MISTAKE, CONTENT_REFUSED ->
          breaker.left();
    }
  }

  private static boolean wasGivenItsTime(Attempt attempt) {
    Target target = attempt.target();
    Duration least =
        target.timeout().compareTo(target.idleTimeout()) < 0
            ? target.timeout()
            : target.idleTimeout();
    return attempt.progress().took().compareTo(least.multipliedBy(9).dividedBy(10)) >= 0;
  }
}
