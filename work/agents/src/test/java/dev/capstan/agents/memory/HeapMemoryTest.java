package dev.capstan.agents.memory;

class HeapMemoryTest extends MemoryContract {
  @Override
  protected Memory open(Embedder embedder, Ranking ranking) {
    return new HeapMemory(embedder, ranking);
  }
}
