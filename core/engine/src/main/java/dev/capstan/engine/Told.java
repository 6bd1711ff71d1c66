package dev.capstan.engine;

import dev.capstan.kernel.Problem;

/** What came of a command. */
public sealed interface Told {
  /**
   * The run has taken it and it is durable as event {@code seq}; or it already was so, and nothing
   * needed writing.
   */
  record Done(int seq) implements Told {}

  record Refused(Problem problem) implements Told {}
}
