package dev.capstan.llm.stage;

import dev.capstan.llm.Hold;
import dev.capstan.llm.Patience;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Passes a wait on to the caller and measures it. */
final class Watch implements Patience.WaitListener {
  private final GatewayParts parts;
  private final Attempt attempt;
  private final String what;
  private boolean waits;
  private long since;

  Watch(GatewayParts parts, Attempt attempt, String what) {
    this.parts = parts;
    this.attempt = attempt;
    this.what = what;
  }

  Patience patience() {
    return new Patience(attempt.waitUntil(), this);
  }

  @Override
  public void waiting(@Nullable Hold hold) {
    if (hold != null && !waits) {
      waits = true;
      since = parts.nanos().getAsLong();
      parts.meter().waits(what);
    }
    attempt.question().listener().waiting(hold);
  }

  void over() {
    if (waits) {
      parts.meter().waited(what, Duration.ofNanos(parts.nanos().getAsLong() - since));
    }
  }
}
