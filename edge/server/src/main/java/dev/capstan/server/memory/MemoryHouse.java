package dev.capstan.server.memory;

import dev.capstan.agents.memory.HeapMemory;
import dev.capstan.agents.memory.Memory;
import dev.capstan.memory.chroma.ChromaMemory;
import dev.capstan.memory.lucene.LuceneMemory;
import dev.capstan.memory.minilm.MiniLm;
import dev.capstan.server.settings.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What agents remember, where it is configured: in the home folder, or in a Chroma server. */
public final class MemoryHouse implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryHouse.class);

  /** Lucene would advise a module of the JDK's that warns at every start. */
  private static final java.util.logging.Logger LUCENE =
      java.util.logging.Logger.getLogger("org.apache.lucene");

  static {
    LUCENE.setLevel(java.util.logging.Level.SEVERE);
  }

  private final MiniLm embedder = new MiniLm();
  private final Memory memory;

  public MemoryHouse(Settings settings) {
    this.memory = new LateMemory(() -> open(settings));
  }

  private Memory open(Settings settings) {
    Settings.Remembering remembering = settings.remembering();
    if (remembering.chroma() != null) {
      return new ChromaMemory(remembering.chroma(), embedder, remembering.ranking());
    }
    if (settings.isMemory()) {
      return new HeapMemory(embedder, remembering.ranking());
    }
    return LuceneMemory.open(
        settings.home().resolve("memory"), embedder, remembering.ranking(), LOG::warn);
  }

  public Memory memory() {
    return memory;
  }

  @Override
  public void close() {
    memory.close();
    embedder.close();
  }
}
