package dev.capstan.journal;

import java.time.Duration;
import java.time.Instant;

/** How the journal is doing, measured where it writes. */
public sealed interface Health {
  /** Writing as fast as it is asked to. */
  record Good() implements Health {}

  /** Writing, but a batch takes long. */
  record Slow(Instant since, Duration latency) implements Health {}

  /**
   * Not writing: what is queued waits, and new runs are refused. {@code reason} holds no secret.
   */
  record Stopped(Instant since, String reason) implements Health {}
}
