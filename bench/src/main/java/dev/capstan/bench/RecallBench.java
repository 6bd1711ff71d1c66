package dev.capstan.bench;

import dev.capstan.agents.memory.Embedder;
import dev.capstan.agents.memory.MemoryGroup;
import dev.capstan.agents.memory.Query;
import dev.capstan.agents.memory.Ranking;
import dev.capstan.agents.memory.Writing;
import dev.capstan.kernel.TenantId;
import dev.capstan.memory.lucene.LuceneMemory;
import dev.capstan.memory.minilm.MiniLm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How long it takes to remember and to recall in a group that holds so many memories. The first
 * 2,000 mean what MiniLM says; the others are those with a number more and a little noise, for the
 * model would take most of the time. Queries are always reckoned.
 */
final class RecallBench {
  private static final int REAL = 2_000;
  private static final int WRITERS = 1_000;
  private static final int QUERIES = 500;
  private static final MemoryGroup GROUP = new MemoryGroup(TenantId.LOCAL, "bench");
  private static final Ranking RANKING = new Ranking(Ranking.DEFAULT.halfLife(), 1_000_000);

  private static final String[] WHO = {
    "the customer", "our supplier", "Anna from accounting", "the night shift", "the new router",
    "the Oslo warehouse", "the billing service", "the old contract", "the marketing team", "Bob"
  };
  private static final String[] DOES = {
    "prefers",
    "rejected",
    "asked for",
    "broke",
    "will replace",
    "pays for",
    "forgot",
    "depends on",
    "complained about",
    "signed",
    "tested",
    "cannot reach"
  };
  private static final String[] WHAT = {
    "the quarterly report", "a discount of ten percent", "the database migration", "green tea",
    "the login page", "invoices in Norwegian", "the backup on Sundays", "the second loading dock",
    "a longer warranty", "the payment terms", "the release train", "two-factor sign-in"
  };

  private RecallBench() {}

  private static String text(int number, Random random) {
    return WHO[random.nextInt(WHO.length)]
        + " "
        + DOES[random.nextInt(DOES.length)]
        + " "
        + WHAT[random.nextInt(WHAT.length)]
        + ", case "
        + number % REAL;
  }

  /** The model for what it is asked first, and what it said then, a little off, for the rest. */
  private static final class Off implements Embedder {
    private final MiniLm model;
    private final List<float[]> said = new ArrayList<>();
    private final Random random = new Random(7);

    Off(MiniLm model) {
      this.model = model;
    }

    @Override
    public int dimensions() {
      return model.dimensions();
    }

    @Override
    public float[] embed(String text) {
      int again = text.indexOf(" again ");
      if (again < 0) {
        float[] meaning = model.embed(text);
        synchronized (said) {
          said.add(meaning);
        }
        return meaning;
      }
      float[] near;
      synchronized (said) {
        near = said.get(random.nextInt(said.size())).clone();
        for (int i = 0; i < near.length; i++) {
          near[i] += (float) random.nextGaussian() * 0.02f;
        }
      }
      double length = Math.sqrt(Embedder.dot(near, near));
      for (int i = 0; i < near.length; i++) {
        near[i] /= (float) length;
      }
      return near;
    }
  }

  private static void say(String news) {
    System.err.println(news);
  }

  public static void main(String[] args) throws Exception {
    Targets targets = new Targets();
    Path folder = Files.createTempDirectory("capstan-recall");
    int[] sizes = Targets.numbers(args, 10_000, 100_000);
    try (MiniLm model = new MiniLm();
        LuceneMemory memory =
            LuceneMemory.open(folder, new Off(model), RANKING, RecallBench::say)) {
      int filled = 0;
      for (int size : sizes) {
        fill(memory, filled, size);
        filled = size;
        recall(memory, model, size, targets);
      }
    } finally {
      Places.remove(folder);
    }
    targets.conclude(args);
  }

  private static void fill(LuceneMemory memory, int from, int to) throws Exception {
    long began = System.nanoTime();
    try (ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> hands = new ArrayList<>();
      for (int hand = 0; hand < WRITERS; hand++) {
        int first = from + hand;
        hands.add(
            writers.submit(() -> {
              for (int number = first; number < to; number += WRITERS) {
                String text = text(number, new Random(number % REAL));
                String whole = number < REAL ? text : text + " again " + number;
                memory.write(GROUP, Writing.of("" + number, whole), Instant.now());
              }
            }));
      }
      for (Future<?> hand : hands) {
        hand.get();
      }
    }
    double seconds = (System.nanoTime() - began) / 1e9;
    System.out.printf(
        "recall    %,d written by %d at once in %.1f s: %.0f a second, each on the disk%n",
        to - from, WRITERS, seconds, (to - from) / seconds);
  }

  private static void recall(LuceneMemory memory, MiniLm model, int size, Targets targets) {
    long[] took = new long[QUERIES];
    long[] reckoned = new long[QUERIES];
    int found = 0;
    for (int i = -QUERIES / 2; i < QUERIES; i++) {
      String query = text(3 * i, new Random(i)) + "?";
      long began = System.nanoTime();
      found += memory.recall(GROUP, new Query(query, 5), Instant.now()).size();
      long ended = System.nanoTime();
      model.embed(query);
      if (i >= 0) {
        took[i] = ended - began;
        reckoned[i] = System.nanoTime() - ended;
      }
    }
    Arrays.sort(took);
    Arrays.sort(reckoned);
    Runtime heap = Runtime.getRuntime();
    System.out.printf(
        "recall    %,d memories: recall p50 %.2f ms p99 %.2f ms, of which the model p50 %.2f ms;"
            + " %d found, heap %d MB%n",
        size,
        took[QUERIES / 2] / 1e6,
        took[QUERIES * 99 / 100] / 1e6,
        reckoned[QUERIES / 2] / 1e6,
        found,
        (heap.totalMemory() - heap.freeMemory()) >> 20);
    targets.atMost("recall p50 over " + size + " memories, ms", took[QUERIES / 2] / 1e6, 20);
  }
}
