package dev.capstan.bench;

import dev.capstan.engine.Submission;
import dev.capstan.kernel.Json;
import dev.capstan.plan.Plan;
import dev.capstan.postgres.Database;
import dev.capstan.postgres.embedded.EmbeddedPostgres;
import dev.capstan.tools.Echo;
import dev.capstan.tools.ToolRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** What an engine costs that has 1,000 runs in its care and nothing to do. */
final class IdleBench {
  private static final int RUNS = 1_000;

  /** The server tells of its transactions late: a session reports when it has been idle so long. */
  private static final Duration UNTIL_REPORTED = Duration.ofSeconds(12);

  static final Plan WAITS =
      Plan.named("waits")
          .approval("allow", "May it go on?")
          .step("a", "echo", Map.of("n", 1))
          .after("allow")
          .step("b", "echo", Map.of("n", 2))
          .after("allow")
          .step("c", "echo", Map.of("a", "${steps.a.output.n}", "b", "${steps.b.output.n}"))
          .build();

  private IdleBench() {}

  /** Counted from another database of the server, so that the question is not counted itself. */
  private static long transactions(EmbeddedPostgres server) throws SQLException {
    try (Connection elsewhere =
            DriverManager.getConnection(
                server.jdbcUrl("template1"), server.user(), server.password());
        Statement statement = elsewhere.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select xact_commit + xact_rollback from pg_stat_database where datname = '"
                    + Usage.OURS
                    + "'")) {
      row.next();
      return row.getLong(1);
    }
  }

  private static void pass(Duration time) throws InterruptedException {
    boolean _ = new CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void measure(Database database, int seconds, Targets targets) throws Exception {
    EmbeddedPostgres server = Objects.requireNonNull(database.server());
    try (Bench bench = new Bench(database, Bench.Setup.of(ToolRegistry.of(new Echo())))) {
      CompletableFuture<?>[] accepted =
          IntStream.range(0, RUNS)
              .mapToObj(i -> bench.submit(Submission.of(WAITS, Json.object())))
              .toArray(CompletableFuture<?>[]::new);
      CompletableFuture.allOf(accepted).join();
      bench.settle();
      pass(UNTIL_REPORTED);
      long before = transactions(server);
      Usage then = Usage.now(database, Usage.OURS);
      pass(Duration.ofSeconds(seconds));
      long after = transactions(server);
      // The question about CPU in between is ours: one, and one when the pool tries the connection.
      double each = Math.max(0, after - before - 2) / (double) seconds;
      Usage used = Usage.now(database, Usage.OURS).since(then);
      System.out.printf(
          "capstan   idle with %,d waiting runs for %d s: %d transactions, %.2f ms of CPU/s (%.2f"
              + " ours + %.2f PostgreSQL), %d B of WAL%n",
          RUNS,
          seconds,
          after - before - 2,
          used.cpu() / 1e6 / seconds,
          used.ourCpu() / 1e6 / seconds,
          used.serverCpu() / 1e6 / seconds,
          used.wal());
      targets.atMost("transactions/s, idle", each, 0.2);
    }
  }

  static void main(String[] args) throws Exception {
    Targets targets = new Targets();
    int seconds = Targets.numbers(args, 30)[0];
    Places.withDatabase(database -> measure(database, seconds, targets));
    targets.conclude(args);
  }
}
