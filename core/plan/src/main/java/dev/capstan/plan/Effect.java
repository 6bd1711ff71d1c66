package dev.capstan.plan;

import java.util.Locale;

/**
 * What running a tool a second time means; every tool declares it, and the engine acts on it after
 * a crash.
 */
public enum Effect {
  /** Touches nothing outside: run it again freely. */
  PURE,
  /**
   * Safe to repeat with the same idempotency key, which names run and step and never the attempt.
   */
  IDEMPOTENT,
  /**
   * Must not be repeated blindly: a durable {@code step_started} comes first, and after a crash a
   * person or a policy decides.
   */
  ONCE;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
