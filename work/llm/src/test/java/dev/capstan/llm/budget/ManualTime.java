package dev.capstan.llm.budget;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** Both clocks, set by hand. */
final class ManualTime implements InstantSource, LongSupplier {
  private static final Instant START = Instant.parse("2026-11-21T23:59:00Z");
  private long nanos;

  void pass(long more) {
    nanos += more;
  }

  @Override
  public Instant instant() {
    return START.plusNanos(nanos);
  }

  @Override
  public long getAsLong() {
    return nanos;
  }
}
