package dev.capstan.postgres;

import dev.capstan.journal.Append;
import dev.capstan.journal.Appended;
import dev.capstan.journal.Attachment;
import dev.capstan.journal.EventCodec;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.RunIds;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs of other weeks: a clock that is set by hand, and a journal that goes by it. The database is
 * gone after it.
 */
final class Weeks implements AutoCloseable {
  static final Attachment PLAN =
      Attachment.of("{\"name\":\"p\",\"steps\":[{\"id\":\"a\",\"tool\":\"echo\"}]}");

  final Database database;
  final PgJournal journal;
  final InstantSource clock = () -> this.now;
  private final RunIds ids = new RunIds(clock, 7);
  private volatile Instant now;

  Weeks() {
    this(TestServer.freshDatabase());
  }

  Weeks(Database database) {
    this.database = database;
    // In the database's first week whatever day it is, so that the same bands are ahead every day.
    int first = (int) TestServer.number(database, "select number from band where is_first");
    this.now = new Band(first, true).ends().minus(Duration.ofHours(1));
    this.journal = open();
  }

  PgJournal open() {
    return PgJournal.open(database, clock, System::nanoTime, batch -> {});
  }

  void pass(int weeks) {
    now = now.plus(Band.LENGTH.multipliedBy(weeks));
  }

  RunId next() {
    return ids.next();
  }

  static RunEvent created(String parent) {
    return EventCodec.decode(
        "run_created",
        "{\"tenant\":\"local\",\"owner\":1,\"priority\":0,\"inputs\":{}" + parent + "}");
  }

  /** A run as it begins, and its plan with it. */
  RunId begin() {
    return begin(next(), "");
  }

  RunId begin(RunId run, String parent) {
    List<RunEvent> events =
        List.of(created(parent), new RunEvent.PlanGenerated(PLAN.hash(), "given", "p", 1));
    expectDurable(new Append(run, 1, Instant.EPOCH, events, List.of(PLAN)));
    return run;
  }

  RunId end(RunId run) {
    RunEvent end = new RunEvent.RunCompleted(Map.of(), List.of());
    expectDurable(new Append(run, 3, Instant.EPOCH, List.of(end), List.of()));
    return run;
  }

  private void expectDurable(Append append) {
    Appended end = journal.append(append).join();
    if (end != Appended.DURABLE) {
      throw new AssertionError(append + " is " + end);
    }
  }

  /** What a keeper does in an hour. */
  Keeping look(@Nullable Duration keepFor) {
    BandKeeper keeper = new BandKeeper(database, clock, keepFor);
    try {
      keeper.sweep();
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
    return keeper.keeping();
  }

  /** The first column of what the database answers. */
  List<String> ask(String sql) {
    return TestServer.ask(database, sql);
  }

  void run(String sql) {
    try (Connection connection = database.connect("test", "");
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failed) {
      throw new AssertionError(sql, failed);
    }
  }

  /** In which table the run's events are. */
  List<String> placeOf(RunId run) {
    return ask(
        "select distinct tableoid::regclass::text from journal where run_id = " + run.value());
  }

  @Override
  public void close() {
    journal.close();
    TestServer.drop(database);
  }
}
