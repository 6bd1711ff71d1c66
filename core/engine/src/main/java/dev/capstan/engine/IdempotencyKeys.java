package dev.capstan.engine;

import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;

/** Remembers, durably, which submission a key belongs to. */
public interface IdempotencyKeys {
  /**
   * Ties {@code key} to {@code proposed}, unless it is tied already. Durable on return. Blocks.
   *
   * @param requestHash what was asked for, so that reuse for something else is noticed
   * @return the run that the key is tied to, and the hash that it was tied with
   */
  Reserved reserve(TenantId tenant, String key, String requestHash, RunId proposed);

  record Reserved(RunId run, String requestHash) {}
}
