package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.capstan.journal.Append;
import dev.capstan.journal.Appended;
import dev.capstan.journal.Health;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the journal when the database under it dies, stalls or fills up. */
@Timeout(180)
class PgJournalFaultsIT {
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private static PgJournal journal(Database database) {
    return PgJournal.open(database, InstantSource.system(), System::nanoTime, batch -> {});
  }

  private static CompletableFuture<Appended> append(PgJournal journal, long run, int seq) {
    RunEvent event = new RunEvent.RunPaused("p" + seq, null);
    return journal.append(new Append(new RunId(run), seq, NOON, List.of(event), List.of()));
  }

  @Test
  void killing_the_server_under_load_loses_nothing_that_was_acknowledged() throws Exception {
    Path home = TestHomes.make();
    int runs = 40;
    int events = 150;
    Map<Long, Integer> acknowledged = new ConcurrentHashMap<>();
    CountDownLatch some = new CountDownLatch(1_000);
    try (Database database = Database.embedded(home);
        PgJournal journal = journal(database)) {
      List<Thread> writers = new ArrayList<>();
      for (long run = 1; run <= runs; run++) {
        long id = run;
        writers.add(
            Thread.startVirtualThread(() -> {
              for (int seq = 1; seq <= events; seq++) {
                if (append(journal, id, seq).join() != Appended.DURABLE) {
                  return;
                }
                acknowledged.put(id, seq);
                some.countDown();
              }
            }));
      }
      some.await();
      ProcessHandle.of(database.server().pid()).orElseThrow().destroyForcibly();
      for (Thread writer : writers) {
        writer.join();
      }
      assertThat(acknowledged)
          .hasSize(runs)
          .allSatisfy((run, seq) -> assertThat(seq).isEqualTo(events));
      for (long run = 1; run <= runs; run++) {
        assertThat(journal.read(new RunId(run), 0, 1_000))
            .extracting(Recorded::seq)
            .hasSize(events);
      }
      assertThat(journal.health()).isInstanceOf(Health.Good.class);
    }
  }

  @Test
  void two_journals_on_one_database_fence_each_other() {
    try (Database database = TestServer.freshDatabase();
        PgJournal one = journal(database);
        PgJournal two = journal(database)) {
      for (int seq = 1; seq <= 50; seq++) {
        CompletableFuture<Appended> first = append(one, 1, seq);
        CompletableFuture<Appended> second = append(two, 1, seq);
        assertThat(List.of(first.join(), second.join()))
            .containsExactlyInAnyOrder(Appended.DURABLE, Appended.FENCED);
      }
      assertThat(one.read(new RunId(1), 0, 100)).hasSize(50);
    }
  }

  @Test
  void a_stalled_database_shows_and_passes() throws Exception {
    try (Database database = TestServer.freshDatabase();
        PgJournal journal = journal(database);
        Connection holder = database.connect("holder", "");
        Statement statement = holder.createStatement()) {
      append(journal, 1, 1).join();
      holder.setAutoCommit(false);
      statement.execute("lock table journal in access exclusive mode");
      CompletableFuture<Appended> waiting = append(journal, 1, 2);
      Health seen = await(journal, health -> health instanceof Health.Slow);
      assertThat(seen).isInstanceOf(Health.Slow.class);
      assertThat(waiting).isNotDone();
      holder.rollback();
      assertThat(waiting.get(30, TimeUnit.SECONDS)).isEqualTo(Appended.DURABLE);
      append(journal, 1, 3).join();
      assertThat(journal.health()).isInstanceOf(Health.Good.class);
    }
  }

  @Test
  void what_the_database_refuses_fails_alone_and_the_rest_of_its_batch_is_written()
      throws Exception {
    try (Database database = TestServer.freshDatabase();
        PgJournal journal = journal(database);
        Connection holder = database.connect("holder", "");
        Statement statement = holder.createStatement()) {
      statement.execute(
          "alter table journal add constraint taste check (payload not like '%\"p13\"%')");
      holder.setAutoCommit(false);
      statement.execute("lock table journal in access exclusive mode");
      List<CompletableFuture<Appended>> poisoned = new ArrayList<>();
      List<CompletableFuture<Appended>> others = new ArrayList<>();
      for (int seq = 1; seq <= 20; seq++) {
        poisoned.add(append(journal, 1, seq));
        others.add(append(journal, 100 + seq, 1));
      }
      holder.rollback();
      assertThat(others).allSatisfy(end -> assertThat(end.join()).isEqualTo(Appended.DURABLE));
      for (int seq = 1; seq <= 20; seq++) {
        CompletableFuture<Appended> end = poisoned.get(seq - 1);
        if (seq == 13) {
          assertThat(end)
              .failsWithin(Duration.ofSeconds(30))
              .withThrowableThat()
              .withMessageContaining("taste");
        } else {
          assertThat(end.join()).isEqualTo(seq < 13 ? Appended.DURABLE : Appended.FENCED);
        }
      }
      assertThat(journal.read(new RunId(1), 0, 100)).hasSize(12);
      // How long it was locked, and so how slow it was, is the machine's affair.
      assertThat(journal.health()).isNotInstanceOf(Health.Stopped.class);
    }
  }

  @Test
  void a_commit_whose_answer_is_lost_counts_once_and_as_written() throws Exception {
    try (Database direct = TestServer.freshDatabase();
        DeafDoor door = DeafDoor.to(TestServer.server());
        Database database = Database.at(door.address(direct));
        PgJournal journal = journal(database)) {
      List<Recorded> told = Collections.synchronizedList(new ArrayList<>());
      journal.follow(told::addAll);
      append(journal, 1, 1).join();
      door.loseNextAnswer();
      CompletableFuture<Appended> doubtful = append(journal, 1, 2);
      assertThat(doubtful.get(30, TimeUnit.SECONDS)).isEqualTo(Appended.DURABLE);
      assertThat(door.lost()).isEqualTo(1);
      assertThat(append(journal, 1, 3).join()).isEqualTo(Appended.DURABLE);
      assertThat(told).extracting(Recorded::seq).containsExactly(1, 2, 3);
      assertThat(journal.read(new RunId(1), 0, 9))
          .extracting(Recorded::seq)
          .containsExactly(1, 2, 3);
    }
  }

  @Test
  void a_full_disk_stops_the_journal_until_there_is_room(@TempDir Path folder) throws Exception {
    Path mount = Files.createDirectory(folder.resolve("small"));
    boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", mount.toString());
    assumeThat(mounted).as("a small file system can be mounted here").isTrue();
    try {
      TestHomes.shareBinaries(mount);
      try (Database database = Database.embedded(mount);
          PgJournal journal = journal(database)) {
        append(journal, 1, 1).join();
        Path ballast = mount.resolve("ballast");
        fill(ballast);
        CompletableFuture<Appended> waiting = CompletableFuture.completedFuture(Appended.DURABLE);
        int seq = 1;
        String large = "x".repeat(4_000);
        while (!(journal.health() instanceof Health.Stopped)) {
          RunEvent event = new RunEvent.RunPaused(large + seq, null);
          waiting =
              journal.append(new Append(new RunId(1), ++seq, NOON, List.of(event), List.of()));
          await(journal, health -> health instanceof Health.Stopped || journal.waiting() == 0);
        }
        assertThat(waiting).isNotDone();
        Files.delete(ballast);
        assertThat(waiting.get(90, TimeUnit.SECONDS)).isEqualTo(Appended.DURABLE);
        assertThat(journal.read(new RunId(1), 0, 1_000_000)).hasSize(seq);
        assertThat(journal.health()).isInstanceOf(Health.Good.class);
      }
    } finally {
      run("umount", "-l", mount.toString());
    }
  }

  private static void fill(Path ballast) throws IOException {
    byte[] block = new byte[64 << 10];
    try (var out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("space");
    }
  }

  private static boolean run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  /** The health that fits, as soon as there is one. */
  private static Health await(PgJournal journal, java.util.function.Predicate<Health> fits)
      throws InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    for (int looks = 0; looks < 6_000; looks++) {
      if (fits.test(journal.health())) {
        return journal.health();
      }
      boolean _ = never.await(10, TimeUnit.MILLISECONDS);
    }
    return journal.health();
  }
}
