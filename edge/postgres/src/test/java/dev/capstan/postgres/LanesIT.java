package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.journal.Append;
import dev.capstan.journal.Appended;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The journal's second lane: when it takes part, and what it leaves to the first. */
@Timeout(60)
class LanesIT {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final RunId FIRST = new RunId(1);
  private static final int OTHERS = 200;

  /** One of those that are surely in the second lane's batch. */
  private static final RunId AMONG_OTHERS = new RunId(100);

  private Database database;
  private PgJournal journal;

  @BeforeEach
  void open() {
    database = TestServer.freshDatabase();
    journal = PgJournal.open(database, InstantSource.system(), System::nanoTime, batch -> {});
  }

  @AfterEach
  void close() {
    journal.close();
    TestServer.drop(database);
  }

  private CompletableFuture<Appended> append(RunId run, int seq) {
    RunEvent event = new RunEvent.RunPaused("p" + seq, null);
    return journal.append(new Append(run, seq, NOON, List.of(event), List.of()));
  }

  @Test
  void while_the_first_is_held_up_the_second_writes_what_belongs_to_other_runs() throws Exception {
    CountDownLatch heard = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    List<Recorded> told = new ArrayList<>();
    journal.follow(batch -> {
      if (told.isEmpty()) {
        heard.countDown();
        awaitUninterruptibly(goOn);
      }
      told.addAll(batch);
    });
    List<CompletableFuture<Appended>> appended = new ArrayList<>();
    appended.add(append(FIRST, 1));
    heard.await();
    appended.add(append(FIRST, 2));
    for (int run = 2; run <= OTHERS; run++) {
      appended.add(append(new RunId(run), 1));
    }
    await(() -> !journal.read(AMONG_OTHERS, 0, 1).isEmpty());
    assertThat(journal.read(FIRST, 0, 10)).hasSize(1);
    assertThat(journal.settled()).isZero();
    goOn.countDown();
    for (CompletableFuture<Appended> each : appended) {
      assertThat(each.join()).isEqualTo(Appended.DURABLE);
    }
    assertThat(told)
        .filteredOn(one -> one.run().equals(FIRST))
        .extracting(Recorded::seq)
        .containsExactly(1, 2);
    assertThat(told).hasSize(OTHERS + 1);
    assertThat(connections()).isEqualTo(2);
  }

  @Test
  void what_comes_one_at_a_time_needs_one_connection() throws Exception {
    for (int seq = 1; seq <= 100; seq++) {
      assertThat(append(FIRST, seq).join()).isEqualTo(Appended.DURABLE);
    }
    assertThat(connections()).isEqualTo(1);
  }

  @Test
  void appends_of_one_run_stay_in_order_however_many_there_are() throws Exception {
    List<CompletableFuture<Appended>> appended = new ArrayList<>();
    for (int seq = 1; seq <= 1_000; seq++) {
      appended.add(append(FIRST, seq));
      appended.add(append(new RunId(1 + seq), 1));
    }
    assertThat(appended).allSatisfy(each -> assertThat(each.join()).isEqualTo(Appended.DURABLE));
    assertThat(journal.read(FIRST, 0, 2_000)).hasSize(1_000);
    await(() -> journal.settled() == journal.handed());
  }

  private long connections() {
    return TestServer.number(
        database,
        "select count(*) from pg_stat_activity where datname = current_database()"
            + " and application_name = 'capstan journal'");
  }

  private static void await(BooleanSupplier so) throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    while (!so.getAsBoolean()) {
      boolean _ = never.await(10, TimeUnit.MILLISECONDS);
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
