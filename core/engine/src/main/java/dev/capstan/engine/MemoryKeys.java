package dev.capstan.engine;

import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Idempotency keys that last as long as this process. */
public final class MemoryKeys implements IdempotencyKeys {
  private record Key(TenantId tenant, String key) {}

  private final Map<Key, Reserved> keys = new ConcurrentHashMap<>();

  @Override
  public Reserved reserve(TenantId tenant, String key, String requestHash, RunId proposed) {
    return keys.computeIfAbsent(new Key(tenant, key), fresh -> new Reserved(proposed, requestHash));
  }
}
