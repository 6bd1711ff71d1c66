package dev.capstan.bench;

import dev.capstan.engine.ClockTimers;
import dev.capstan.engine.Engine;
import dev.capstan.engine.EngineLimits;
import dev.capstan.engine.EngineParts;
import dev.capstan.engine.Leases;
import dev.capstan.engine.MemoryKeys;
import dev.capstan.engine.Submission;
import dev.capstan.engine.Submitted;
import dev.capstan.engine.Watcher;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import dev.capstan.postgres.Database;
import dev.capstan.postgres.PgJournal;
import dev.capstan.tools.Echo;
import dev.capstan.tools.ToolRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An engine on an embedded, durable PostgreSQL in a folder of its own, and nothing else. */
final class Bench implements AutoCloseable {
  final Database database;
  final PgJournal journal;
  final Engine engine;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final ClockTimers timers = ClockTimers.start(InstantSource.system());

  Bench(Path home) {
    this.database = Database.embedded(home);
    this.journal = PgJournal.open(database, InstantSource.system(), System::nanoTime, batch -> {});
    this.engine =
        Engine.start(
            new EngineParts(
                journal,
                new NobodyElse(),
                new MemoryKeys(),
                ToolRegistry.of(new Echo()),
                InstantSource.system(),
                timers,
                threads,
                Watcher.NONE,
                System.nanoTime()),
            EngineLimits.defaults());
  }

  static Bench inFreshFolder() throws java.io.IOException {
    return new Bench(Files.createTempDirectory("capstan-bench"));
  }

  /** Submits and completes with the run's end. */
  CompletableFuture<RunEvent.Terminal> run(Submission submission) {
    return engine
        .submit(submission)
        .thenCompose(submitted ->
            switch (submitted) {
              case Submitted.Accepted accepted -> engine.end(accepted.run());
              case Submitted.Refused refused ->
                  CompletableFuture.failedFuture(refused.problem().refusal());
            });
  }

  @Override
  public void close() {
    engine.close();
    timers.close();
    journal.close();
    database.close();
    threads.close();
  }

  /** A single process that starts on an empty journal. */
  private static final class NobodyElse implements Leases {
    @Override
    public long worker() {
      return 1;
    }

    @Override
    public boolean renew() {
      return true;
    }

    @Override
    public List<RunId> abandoned(RunId after, int limit) {
      return List.of();
    }

    @Override
    public Optional<Instant> expiry(long worker) {
      return Optional.empty();
    }

    @Override
    public void release() {}
  }
}
