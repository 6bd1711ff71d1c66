package dev.capstan.server.store;

import dev.capstan.engine.IdempotencyKeys;
import dev.capstan.engine.Leases;
import dev.capstan.engine.MemoryKeys;
import dev.capstan.engine.MemoryLeases;
import dev.capstan.journal.Journal;
import dev.capstan.journal.MemoryJournal;
import dev.capstan.journal.Plans;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.RunId;
import dev.capstan.llm.budget.Costs;
import dev.capstan.llm.budget.MemoryCosts;
import dev.capstan.llm.budget.MemoryVault;
import dev.capstan.llm.budget.Vault;
import dev.capstan.llm.limit.Allotments;
import dev.capstan.llm.price.Bounds;
import dev.capstan.postgres.Ailment;
import dev.capstan.postgres.BandKeeper;
import dev.capstan.postgres.Checkup;
import dev.capstan.postgres.Database;
import dev.capstan.postgres.Keeping;
import dev.capstan.postgres.PgAllotments;
import dev.capstan.postgres.PgCosts;
import dev.capstan.postgres.PgIdempotencyKeys;
import dev.capstan.postgres.PgJournal;
import dev.capstan.postgres.PgLeases;
import dev.capstan.postgres.PgRunViews;
import dev.capstan.postgres.PgTodos;
import dev.capstan.postgres.PgVault;
import dev.capstan.postgres.Verification;
import dev.capstan.postgres.WrittenBatch;
import dev.capstan.server.settings.Settings;
import dev.capstan.tools.todo.MemoryTodoStore;
import dev.capstan.tools.todo.TodoStore;
import dev.capstan.views.MemorySummaries;
import dev.capstan.views.RunSummaries;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whatever the house keeps.
 *
 * @param allotments where a process draws limits that others keep too; null when there are none
 * @param bounds what was learned of vendors that billed beyond their word
 * @param waiting how many events wait to be written
 * @param verification holds the journal and the views against each other
 * @param ailments what is wrong with the database, looked up at the moment of asking
 * @param keeping how long runs are kept, and what has become of that
 * @param closing closes all of it in order
 */
public record Store(
    Journal journal,
    Leases leases,
    IdempotencyKeys keys,
    TodoStore todos,
    Vault vault,
    @Nullable LongFunction<Allotments> allotments,
    Costs costs,
    Bounds bounds,
    RunSummaries summaries,
    IntSupplier waiting,
    Supplier<Verification> verification,
    Supplier<List<Ailment>> ailments,
    Supplier<Keeping> keeping,
    Runnable closing)
    implements AutoCloseable {

  /**
   * Opens the store that the settings name. Blocks.
   *
   * @param written told of every commit of the journal's
   */
  public static Store open(Settings settings, Time time, Consumer<WrittenBatch> written) {
    return settings.isMemory() ? inMemory(time.clock()) : inPostgres(settings, time, written);
  }

  private static Store inMemory(InstantSource clock) {
    MemoryJournal journal = new MemoryJournal();
    MemoryVault vault = new MemoryVault(clock, Duration.ofSeconds(30));
    return new Store(
        journal,
        new MemoryLeases(journal, clock.millis()),
        new MemoryKeys(),
        new MemoryTodoStore(),
        vault,
        null,
        new MemoryCosts(vault),
        new Bounds(),
        new MemorySummaries(journal),
        () -> 0,
        () -> verify(journal),
        List::of,
        () -> Keeping.FOR_EVER,
        journal::close);
  }

  private static Verification verify(MemoryJournal journal) {
    Plans plans = new Plans(journal);
    long events = 0;
    List<RunId> runs = journal.runs();
    for (RunId run : runs) {
      List<Recorded> recorded = journal.read(run, 0, Integer.MAX_VALUE);
      events += RunState.fold(run, recorded, plans::plan).seq();
    }
    return new Verification(runs.size(), events, 0, List.of());
  }

  private static Store inPostgres(Settings settings, Time time, Consumer<WrittenBatch> written) {
    InstantSource clock = time.clock();
    String url = settings.database();
    Database database = url == null ? Database.embedded(settings.home()) : Database.at(url);
    try {
      PgJournal journal = PgJournal.open(database, clock, time.nanos(), written);
      PgLeases leases = PgLeases.open(database, journal, clock);
      PgRunViews views = PgRunViews.open(database, journal, clock, leases);
      PgVault vault = new PgVault(database);
      Bounds bounds = new Bounds();
      vault.teach(bounds);
      Checkup checkup = new Checkup(database, clock);
      BandKeeper keeper = BandKeeper.open(database, clock, settings.retention());
      return new Store(
          journal,
          leases,
          new PgIdempotencyKeys(database),
          new PgTodos(database),
          vault,
          url == null ? null : process -> new PgAllotments(database, process),
          new PgCosts(database),
          bounds,
          views,
          journal::waiting,
          views::verify,
          checkup::look,
          keeper::keeping,
          () -> {
            checkup.close();
            keeper.close();
            journal.close();
            views.close();
            database.close();
          });
    } catch (RuntimeException failed) {
      database.close();
      throw failed;
    }
  }

  @Override
  public void close() {
    closing.run();
  }
}
