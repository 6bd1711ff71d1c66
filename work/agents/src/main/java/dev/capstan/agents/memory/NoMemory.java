package dev.capstan.agents.memory;

import dev.capstan.kernel.TenantId;
import java.time.Instant;
import java.util.List;

/** Keeps nothing. */
final class NoMemory implements Memory {
  @Override
  public Remembered write(MemoryGroup group, Writing writing, Instant now) {
    return Remembered.of(group, writing, now);
  }

  @Override
  public List<Recalled> recall(MemoryGroup group, Query query, Instant now) {
    return List.of();
  }

  @Override
  public List<Remembered> list(MemoryGroup group, int skip, int limit) {
    return List.of();
  }

  @Override
  public int forget(MemoryGroup group, Forgetting which) {
    return 0;
  }

  @Override
  public List<Held> groups(TenantId tenant) {
    return List.of();
  }

  @Override
  public void close() {}
}
