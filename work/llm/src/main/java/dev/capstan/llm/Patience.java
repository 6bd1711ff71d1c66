package dev.capstan.llm;

import java.time.Instant;

/**
 * How long a caller waits, and who is told what it waits for meanwhile.
 *
 * @param until the instant to give up
 */
public record Patience(Instant until, WaitListener listener) {
  /** Told when waiting begins and each time its reason changes; null at its end. */
  @FunctionalInterface
  public interface WaitListener {
    WaitListener NOBODY = wait -> {};

    void waiting(@org.jspecify.annotations.Nullable Hold hold);
  }
}
