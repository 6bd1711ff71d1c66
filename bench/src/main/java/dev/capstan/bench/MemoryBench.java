package dev.capstan.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;

/** Memory of a server that is up and of its database: at rest, after load, and later. */
final class MemoryBench {
  private static final Duration REST = Duration.ofSeconds(10);
  private static final Duration LATER = Duration.ofSeconds(60);
  private static final Duration ROUND = Duration.ofSeconds(10);

  /** A busy machine does not make all of the runs; then it ends here. */
  private static final int MOST_ROUNDS = 12;

  /** From here on every bounded cache of the server's has been full. */
  private static final int FEWEST_RUNS = 30_000;

  private final Family family;
  private final HttpBench load;

  private MemoryBench(Family family, HttpBench load) {
    this.family = family;
    this.load = load;
  }

  private double measured(String when) throws IOException {
    Family.Memory memory = family.memory();
    System.out.printf(
        Locale.ROOT,
        "memory    %-24s %4.0f MB   server %4.0f, PostgreSQL %4.0f%n",
        when,
        memory.all(),
        memory.server(),
        memory.database());
    return memory.all();
  }

  /** Drives prompts until so many runs have ended; returns how many have. */
  private int driven(int runs) throws Exception {
    double most = 0;
    for (int round = 0; round < MOST_ROUNDS && load.accepted() < runs; round++) {
      load.closedLoop(round % 2 == 0 ? 64 : 256, ROUND);
      most = Math.max(most, family.memory().all());
    }
    System.out.printf(Locale.ROOT, "memory    highest between rounds   %4.0f MB%n", most);
    return load.accepted();
  }

  private void measure(int runs, Targets targets) throws Exception {
    Thread.sleep(REST);
    double idle = measured("at rest");
    long cpu = family.serverCpu();
    int ended = driven(runs);
    System.out.printf(
        Locale.ROOT,
        "memory    %,d prompt runs       %4.0f µs of the server's CPU a run, warm-up included%n",
        ended,
        (family.serverCpu() - cpu) / 1e3 / ended);
    double after = measured("right after the load");
    Thread.sleep(LATER);
    double later = measured("a minute later");
    targets.atMost("MB at rest, server and PostgreSQL", idle, 280);
    targets.atMost("MB right after the load", after, 420);
    targets.atMost("MB a minute later", later, 420);
    targets.atLeast("prompt runs driven", ended, Math.min(runs, FEWEST_RUNS));
  }

  /** {@code HOME PORT [RUNS] [--assert]}. */
  static void main(String[] args) throws Exception {
    int[] numbers = Targets.numbers(Arrays.copyOfRange(args, 1, args.length));
    int runs = numbers.length > 1 ? numbers[1] : 90_000;
    Targets targets = new Targets();
    new MemoryBench(Family.of(Path.of(args[0])), new HttpBench(numbers[0])).measure(runs, targets);
    targets.conclude(args);
  }
}
