package dev.capstan.bench;

import dev.capstan.engine.Submission;
import dev.capstan.kernel.Json;
import dev.capstan.postgres.Database;
import dev.capstan.tools.Echo;
import dev.capstan.tools.ToolRegistry;
import java.time.Duration;
import java.util.List;

/** The four-step DAG in a closed loop, with and without the list of runs being kept. */
final class DagBench {
  private static final Duration LENGTH = Duration.ofSeconds(6);
  static final int WARM = 200_000;

  private DagBench() {}

  static ClosedLoop loop(String who, Bench bench) {
    return new ClosedLoop(
        who,
        bench.database,
        Usage.OURS,
        () -> bench.run(Submission.of(FourSteps.PLAN, Json.object())).join());
  }

  private static void measure(Database database, int[] levels, Targets targets) throws Exception {
    Bench.Setup setup = Bench.Setup.of(ToolRegistry.of(new Echo()));
    try (Bench bench = new Bench(database, setup)) {
      ClosedLoop loop = loop("capstan", bench);
      loop.warmUp(256, WARM);
      for (int level : levels) {
        bench.settle();
        ClosedLoop.Result result = loop.measure(level, LENGTH);
        result.print();
        hold(result, targets);
      }
    }
  }

  private static void hold(ClosedLoop.Result result, Targets targets) {
    if (result.inFlight() == 1) {
      targets.atMost("p50, one at a time, ms", result.p50() / 1e3, 2);
    }
    if (result.inFlight() >= 256) {
      targets.atLeast("runs/s at " + result.inFlight() + " in flight", result.perSecond(), 15_000);
    }
    if (result.inFlight() == 256) {
      Usage used = result.used();
      double runs = result.runs();
      targets.atMost("us of CPU a run at 256", used.cpu() / 1e3 / runs, 130);
      targets.atMost("commits a run at 256", used.commits() / runs, 0.1);
      targets.atMost("bytes of WAL a run at 256", used.wal() / runs, 3_000);
    }
  }

  private static void withoutViews(Database database) throws Exception {
    Bench.Setup setup = Bench.Setup.of(ToolRegistry.of(new Echo()));
    try (Bench bench = new Bench(database, setup.with(Bench.Projection.OFF))) {
      loop("no views", bench).warmUp(256, WARM / 4);
      loop("no views", bench).measure(256, LENGTH).print();
    }
  }

  static void main(String[] args) throws Exception {
    Targets targets = new Targets();
    int[] levels = Targets.numbers(args, 1, 16, 64, 256, 1024);
    Places.withDatabase(database -> {
      measure(database, levels, targets);
      if (!List.of(args).contains("--views-only")) {
        withoutViews(database);
      }
    });
    targets.conclude(args);
  }
}
