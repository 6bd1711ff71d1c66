package dev.capstan.bench;

import dev.capstan.postgres.Database;
import dev.capstan.postgres.embedded.EmbeddedPostgres;
import dev.capstan.tools.Echo;
import dev.capstan.tools.ToolRegistry;
import dev.dbos.transact.DBOS;
import dev.dbos.transact.config.DBOSConfig;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/** The four steps on Capstan and on DBOS Transact for Java, in turn, on one server. */
final class PeersBench {
  private static final String THEIRS = "dbos";
  private static final Duration LENGTH = Duration.ofSeconds(8);

  private PeersBench() {}

  private static DBOSConfig theirs(EmbeddedPostgres server) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl(Usage.OURS), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      statement.execute("create database " + THEIRS);
    }
    return DBOSConfig.defaults("bench")
        .withDatabaseUrl(server.jdbcUrl(THEIRS))
        .withDbUser(server.user())
        .withDbPassword(server.password());
  }

  private static void measure(Database database, int[] levels, Targets targets) throws Exception {
    EmbeddedPostgres server = Objects.requireNonNull(database.server());
    try (DBOS dbos = new DBOS(theirs(server));
        Bench bench = new Bench(database, Bench.Setup.of(ToolRegistry.of(new Echo())))) {
      DbosFlow flow = new DbosFlow.Steps(dbos).register();
      dbos.launch();
      ClosedLoop dbosLoop = new ClosedLoop("dbos", database, THEIRS, () -> check(flow.four()));
      ClosedLoop ourLoop = DagBench.loop("capstan", bench);
      dbosLoop.measure(16, LENGTH);
      ourLoop.warmUp(256, DagBench.WARM);
      for (int level : levels) {
        ClosedLoop.Result dbosResult = dbosLoop.measure(level, LENGTH);
        dbosResult.print();
        ClosedLoop.Result ours = ourLoop.measure(level, LENGTH);
        ours.print();
        double theirCpu = (double) dbosResult.used().cpu() / dbosResult.runs();
        double ourCpu = (double) ours.used().cpu() / ours.runs();
        System.out.printf(
            Locale.ROOT, "dbos / capstan, CPU a run at %d: %.1f%n", level, theirCpu / ourCpu);
        targets.atLeast(
            "times the runs/s of DBOS at " + level + " in flight",
            ours.perSecond() / dbosResult.perSecond(),
            40);
      }
    }
  }

  private static void check(int sum) {
    if (sum != 6) {
      throw new IllegalStateException("the join says " + sum);
    }
  }

  static void main(String[] args) throws Exception {
    Targets targets = new Targets();
    int[] levels = Targets.numbers(args, 64, 256);
    Places.withDatabase(database -> measure(database, levels, targets));
    targets.conclude(args);
  }
}
