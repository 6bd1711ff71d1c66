package dev.capstan.memory.lucene;

import dev.capstan.agents.memory.Embedder;
import dev.capstan.agents.memory.Memory;
import dev.capstan.agents.memory.MemoryContract;
import dev.capstan.agents.memory.Ranking;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class LuceneMemoryIT extends MemoryContract {
  @TempDir private Path folder;

  @Override
  protected Memory open(Embedder embedder, Ranking ranking) {
    return LuceneMemory.open(
        folder,
        embedder,
        ranking,
        news -> {
          throw new AssertionError(news);
        });
  }
}
