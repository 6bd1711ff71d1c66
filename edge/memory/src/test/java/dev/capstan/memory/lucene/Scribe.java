package dev.capstan.memory.lucene;

import dev.capstan.agents.memory.MemoryGroup;
import dev.capstan.agents.memory.Ranking;
import dev.capstan.agents.memory.WordsEmbedder;
import dev.capstan.agents.memory.Writing;
import dev.capstan.kernel.TenantId;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.IntStream;

/** A process that writes until it is killed, and says each time what is durable. */
final class Scribe {
  static final MemoryGroup GROUP = new MemoryGroup(new TenantId("acme"), "crew");
  private static final int HANDS = 4;

  private Scribe() {}

  /** The folder, and the number to begin at. */
  public static void main(String[] arguments) {
    LuceneMemory memory =
        LuceneMemory.open(
            Path.of(arguments[0]),
            new WordsEmbedder(),
            Ranking.DEFAULT,
            news -> System.out.println("news " + news));
    int first = Integer.parseInt(arguments[1]);
    System.out.println("open");
    IntStream.range(0, HANDS)
        .forEach(hand ->
            Thread.ofPlatform()
                .start(() -> {
                  for (int number = first + hand; ; number += HANDS) {
                    memory.write(GROUP, writing(number), Instant.EPOCH.plusSeconds(number));
                    System.out.println("kept " + number);
                  }
                }));
  }

  static Writing writing(int number) {
    return Writing.of("key " + number, "what was learnt at number " + number);
  }
}
