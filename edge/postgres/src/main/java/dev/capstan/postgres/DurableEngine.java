package dev.capstan.postgres;

import dev.capstan.engine.Engine;
import dev.capstan.engine.EngineLimits;
import dev.capstan.engine.EngineParts;
import dev.capstan.engine.Submission;
import dev.capstan.engine.Submitted;
import dev.capstan.engine.Watcher;
import dev.capstan.engine.step.Toolbox;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.time.ClockTimers;
import dev.capstan.plan.Plan;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import tools.jackson.databind.node.ObjectNode;

/**
 * The engine as a library: plans run durably on a PostgreSQL from plain Java, with no server and no
 * framework. Opening it goes on with whatever runs a process before it left unfinished.
 */
public final class DurableEngine implements AutoCloseable {
  private final Database database;
  private final PgJournal journal;
  private final BandKeeper keeper;
  private final ClockTimers timers;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Engine engine;
  private final Map<RunId, CompletableFuture<RunEvent.Terminal>> awaited =
      new ConcurrentHashMap<>();

  private DurableEngine(Database database, Toolbox tools) {
    InstantSource clock = InstantSource.system();
    this.database = database;
    this.journal = PgJournal.open(database, clock, System::nanoTime, batch -> {});
    this.keeper = BandKeeper.open(database, clock, null);
    this.timers = ClockTimers.start(clock);
    journal.follow(this::heed);
    this.engine =
        Engine.start(
            new EngineParts(
                journal,
                PgLeases.open(database, journal, clock),
                new PgIdempotencyKeys(database),
                tools,
                clock,
                timers,
                threads,
                Watcher.NONE,
                new SecureRandom().nextLong()),
            EngineLimits.defaults());
  }

  /** On your PostgreSQL; throws as {@link Database#at(String)} does. Blocks. */
  public static DurableEngine at(String databaseUrl, Toolbox tools) {
    return new DurableEngine(Database.at(databaseUrl), tools);
  }

  /** On a PostgreSQL of its own that keeps its data in this folder. Blocks. */
  public static DurableEngine embedded(Path home, Toolbox tools) {
    return new DurableEngine(Database.embedded(home), tools);
  }

  /** Everything else that can be done with runs: commands, forks, questions. */
  public Engine engine() {
    return engine;
  }

  /**
   * Runs a plan to its end. The future fails with a {@link dev.capstan.kernel.Refusal} when the run
   * is not accepted; a run that fails is a {@link RunEvent.RunFailed} and no exception.
   *
   * @param inputs whatever becomes a JSON object: a map, a record
   */
  public CompletableFuture<RunEvent.Terminal> run(Plan plan, Object inputs) {
    ObjectNode given = (ObjectNode) Json.valueOf(inputs);
    return engine.submit(Submission.of(plan, given)).thenComposeAsync(this::end, threads);
  }

  private CompletableFuture<RunEvent.Terminal> end(Submitted submitted) {
    return switch (submitted) {
      case Submitted.Refused refused -> CompletableFuture.failedFuture(refused.problem().refusal());
      case Submitted.Accepted accepted -> {
        CompletableFuture<RunEvent.Terminal> end =
            awaited.computeIfAbsent(accepted.run(), run -> new CompletableFuture<>());
        // It may have ended before anybody waited for it.
        RunEvent.Terminal already = engine.state(accepted.run()).terminal();
        if (already != null) {
          awaited.remove(accepted.run());
          end.complete(already);
        }
        yield end;
      }
    };
  }

  private void heed(List<Recorded> batch) {
    for (Recorded recorded : batch) {
      if (recorded.event() instanceof RunEvent.Terminal terminal) {
        CompletableFuture<RunEvent.Terminal> end = awaited.remove(recorded.run());
        if (end != null) {
          end.completeAsync(() -> terminal, threads);
        }
      }
    }
  }

  /** Lets what is under way end, and leaves the rest to whoever opens the database next. */
  @Override
  public void close() {
    engine.close();
    timers.close();
    // What has not ended within the engine's grace is cut short and made again by the next owner.
    threads.shutdownNow();
    threads.close();
    keeper.close();
    journal.close();
    database.close();
  }
}
