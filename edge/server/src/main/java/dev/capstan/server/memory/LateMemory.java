package dev.capstan.server.memory;

import dev.capstan.agents.memory.Forgetting;
import dev.capstan.agents.memory.Memory;
import dev.capstan.agents.memory.MemoryGroup;
import dev.capstan.agents.memory.Query;
import dev.capstan.agents.memory.Recalled;
import dev.capstan.agents.memory.Remembered;
import dev.capstan.agents.memory.Writing;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The memory that is opened when somebody first asks for it, so that a server whose agents remember
 * nothing pays nothing for it. When it cannot be opened, the next who asks tries again.
 */
final class LateMemory implements Memory {
  private final Supplier<Memory> opening;
  private @Nullable Memory memory;
  private boolean closed;

  LateMemory(Supplier<Memory> opening) {
    this.opening = opening;
  }

  private synchronized Memory memory() {
    if (closed) {
      throw Problem.of(ProblemCode.UNAVAILABLE, "this process is stopping").refusal();
    }
    Memory open = memory;
    if (open == null) {
      open = opening.get();
      memory = open;
    }
    return open;
  }

  @Override
  public Remembered write(MemoryGroup group, Writing writing, Instant now) {
    return memory().write(group, writing, now);
  }

  @Override
  public List<Recalled> recall(MemoryGroup group, Query query, Instant now) {
    return memory().recall(group, query, now);
  }

  @Override
  public List<Remembered> list(MemoryGroup group, int skip, int limit) {
    return memory().list(group, skip, limit);
  }

  @Override
  public int forget(MemoryGroup group, Forgetting which) {
    return memory().forget(group, which);
  }

  @Override
  public List<Held> groups(TenantId tenant) {
    return memory().groups(tenant);
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (memory != null) {
      memory.close();
    }
  }
}
