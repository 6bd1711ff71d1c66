package dev.capstan.memory.chroma;

import dev.capstan.agents.memory.Embedder;
import dev.capstan.agents.memory.Forgetting;
import dev.capstan.agents.memory.Memory;
import dev.capstan.agents.memory.MemoryContract;
import dev.capstan.agents.memory.MemoryGroup;
import dev.capstan.agents.memory.Ranking;
import dev.capstan.kernel.TenantId;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** The contract against a real Chroma server, where CHROMA_URL names one. */
class ChromaMemoryIT extends MemoryContract {
  private static final String URL = System.getenv("CHROMA_URL");

  @BeforeAll
  static void is_there() {
    if (URL == null) {
      System.err.println(
          "SKIPPED: no CHROMA_URL, so the memory's contract was not held against a real Chroma"
              + " server; docs/memory.md says how to start one");
    }
    Assumptions.assumeTrue(URL != null, "no CHROMA_URL");
  }

  @Override
  protected Memory open(Embedder embedder, Ranking ranking) {
    Memory memory = new ChromaMemory(URI.create(URL), embedder, ranking);
    for (String name : List.of("acme", "acme-", "acme_eu", "ac")) {
      TenantId tenant = new TenantId(name);
      memory
          .groups(tenant)
          .forEach(
              held -> memory.forget(new MemoryGroup(tenant, held.group()), new Forgetting.All()));
    }
    return memory;
  }
}
