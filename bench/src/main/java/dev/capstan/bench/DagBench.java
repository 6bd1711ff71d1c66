package dev.capstan.bench;

import dev.capstan.engine.Submission;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.RunId;
import dev.capstan.postgres.Database;
import dev.capstan.postgres.PgJournal;
import dev.capstan.postgres.PgLeases;
import dev.capstan.tools.Echo;
import dev.capstan.tools.ToolRegistry;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
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

  /** What the process before left without a row in the list, as after a kill. */
  private static void catchUp(Database database, Targets targets) throws Exception {
    InstantSource clock = InstantSource.system();
    try (PgJournal journal = PgJournal.open(database, clock, System::nanoTime, batch -> {})) {
      PgLeases leases = PgLeases.open(database, journal, clock);
      long missing = missing(database);
      long start = System.nanoTime();
      leases.abandoned(new RunId(1), 1);
      double seconds = (System.nanoTime() - start) / 1e9;
      leases.release();
      System.out.printf("capstan   %,d runs listed afterwards in %.1f s%n", missing, seconds);
      targets.atLeast("runs/s listed after a process that listed none", missing / seconds, 5_000);
    }
  }

  private static long missing(Database database) throws SQLException {
    try (Connection connection = database.pool().getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select (select count(*) from journal where seq = 1) - count(*) from run_view")) {
      row.next();
      return row.getLong(1);
    }
  }

  static void main(String[] args) throws Exception {
    Targets targets = new Targets();
    int[] levels = Targets.numbers(args, 1, 16, 64, 256, 1024);
    Places.withDatabase(database -> {
      measure(database, levels, targets);
      if (!List.of(args).contains("--views-only")) {
        withoutViews(database);
        catchUp(database, targets);
      }
    });
    targets.conclude(args);
  }
}
