package dev.capstan.engine;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.RunId;

/** What came of a submission. */
public sealed interface Submitted {
  /**
   * The run is durable.
   *
   * @param fresh false when an earlier submission with the same idempotency key made it
   */
  record Accepted(RunId run, boolean fresh) implements Submitted {}

  record Refused(Problem problem) implements Submitted {}
}
