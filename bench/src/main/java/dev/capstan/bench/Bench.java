package dev.capstan.bench;

import dev.capstan.engine.Engine;
import dev.capstan.engine.EngineLimits;
import dev.capstan.engine.EngineParts;
import dev.capstan.engine.Submission;
import dev.capstan.engine.Submitted;
import dev.capstan.engine.Watcher;
import dev.capstan.engine.step.Toolbox;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.time.ClockTimers;
import dev.capstan.postgres.Database;
import dev.capstan.postgres.PgIdempotencyKeys;
import dev.capstan.postgres.PgJournal;
import dev.capstan.postgres.PgLeases;
import dev.capstan.postgres.PgRunViews;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The engine as the product runs it: leases, keys and run views on PostgreSQL, nothing on top. */
final class Bench implements AutoCloseable {
  final Database database;
  final PgJournal journal;
  final Engine engine;
  private final @Nullable PgRunViews views;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ClockTimers timers;

  /** Whether runs are folded into the list of runs, as in the product. */
  enum Projection {
    ON,
    OFF
  }

  /** How an engine is to be set up. */
  record Setup(Toolbox tools, Projection projection, Consumer<List<Recorded>> follower) {
    static Setup of(Toolbox tools) {
      return new Setup(tools, Projection.ON, batch -> {});
    }

    Setup with(Projection other) {
      return new Setup(tools, other, follower);
    }

    Setup heardBy(Consumer<List<Recorded>> other) {
      return new Setup(tools, projection, other);
    }
  }

  Bench(Database database, Setup setup) {
    InstantSource clock = InstantSource.system();
    this.database = database;
    this.timers = ClockTimers.start(clock);
    this.journal = PgJournal.open(database, clock, System::nanoTime, batch -> {});
    journal.follow(setup.follower());
    PgLeases leases = PgLeases.open(database, journal, clock);
    this.views =
        setup.projection() == Projection.ON
            ? PgRunViews.open(database, journal, clock, leases)
            : null;
    this.engine =
        Engine.start(
            new EngineParts(
                journal,
                leases,
                new PgIdempotencyKeys(database),
                setup.tools(),
                clock,
                timers,
                threads,
                Watcher.NONE,
                System.nanoTime()),
            EngineLimits.defaults());
  }

  /** Submits and completes with the run's end. */
  CompletableFuture<RunEvent.Terminal> run(Submission submission) {
    return submit(submission).thenCompose(engine::end);
  }

  /** Completes when the run is durable. */
  CompletableFuture<RunId> submit(Submission submission) {
    return engine
        .submit(submission)
        .thenCompose(submitted ->
            switch (submitted) {
              case Submitted.Accepted accepted -> CompletableFuture.completedFuture(accepted.run());
              case Submitted.Refused refused ->
                  CompletableFuture.failedFuture(refused.problem().refusal());
            });
  }

  /** Waits until the views hold all that is durable by now. */
  void settle() {
    if (views != null && !views.settle(Duration.ofMinutes(2))) {
      throw new IllegalStateException("the views do not follow");
    }
  }

  /** Stops the engine; the database stays open. */
  @Override
  public void close() {
    engine.close();
    timers.close();
    threads.close();
    if (views != null) {
      views.close();
    }
    journal.close();
  }
}
