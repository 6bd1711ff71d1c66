package dev.capstan.llm.limit;

import dev.capstan.kernel.time.ManualTimers;
import java.time.Duration;
import java.time.Instant;

class MemoryLimiterTest extends LimiterContract {
  private final ManualTimers time = new ManualTimers();
  private final Limiter limiter = new MemoryLimiter(time, time);

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
    time.advance(by, () -> {});
  }
}
