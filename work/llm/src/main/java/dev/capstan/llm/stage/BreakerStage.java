package dev.capstan.llm.stage;

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
    Target.Health health = target.health();
    Instant now = parts.clock().instant();
    if (!health.permits(now)) {
      return new Tried.Declined("breaker", Declines.breaker(target), true, health.shutUntil(now));
    }
    boolean told = false;
    try {
      Tried tried = next.attempt(attempt);
      switch (tried) {
        case Tried.Answered _ -> health.succeeded();
        case Tried.Declined _ -> health.left();
        case Tried.Faulted faulted -> tell(health, faulted.fault(), attempt);
      }
      told = true;
      return tried;
    } finally {
      if (!told) {
        health.left();
      }
    }
  }

  private void tell(Target.Health health, Fault fault, Attempt attempt) {
    if (attempt.delivery().wasRefused()) {
      // It was the caller who broke it off.
      health.left();
      return;
    }
    Instant now = parts.clock().instant();
    switch (fault.kind()) {
      case BILLING, AUTHENTICATION -> health.tripped(now);
      case OVERLOADED, SERVER_ERROR, UNREACHABLE, CONNECTION_BROKEN, MALFORMED ->
          health.failed(now);
      case TIMED_OUT -> {
        // A deadline that left it no time says nothing about the provider.
        if (wasGivenItsTime(attempt)) {
          health.failed(now);
        } else {
          health.left();
        }
      }
      case RATE_LIMITED, NO_SUCH_MODEL, TOO_LONG, CALLERS_MISTAKE, CONTENT_REFUSED -> health.left();
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
