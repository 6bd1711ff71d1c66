package dev.capstan.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A full disk, a stopped PostgreSQL and a frozen one under the product while it is used: it says
 * what ails it, and nobody has to start anything again.
 */
@Timeout(300)
class FaultsStory {
  private static final int DISK_MEBIBYTES = 192;
  private static final long LONGEST_TO_TELL_MILLIS = 5_000;
  private static final long LONGEST_TO_RECOVER_MILLIS = 20_000;
  private static String figure = "";

  @TempDir Path home;
  @TempDir Path other;

  @AfterAll
  static void print() {
    System.out.println(figure);
  }

  @Test
  void a_product_whose_own_database_is_full_stopped_or_frozen_says_so_and_recovers()
      throws Exception {
    try (Ordeal ordeal = new Ordeal(ServerProcess.startOnSmallDisk(home, DISK_MEBIBYTES))) {
      ServerProcess server = ordeal.server();
      Path ballast = server.data().resolve("ballast");
      Ordeal.Figures full =
          ordeal.suffer(() -> fill(ballast), () -> Files.delete(ballast), "the disk is full", true);

      // Without this file it does not start: the outage lasts as long as we like.
      Path needed = server.data().resolve("cluster/PG_VERSION");
      Path away = server.data().resolve("PG_VERSION.away");
      Ordeal.Figures stopped =
          ordeal.suffer(
              () -> {
                Files.move(needed, away);
                signal("QUIT", Stream.of(server.postgres().orElseThrow()));
              },
              () -> Files.move(away, needed),
              "PostgreSQL did not start",
              true);

      ProcessHandle postmaster = server.postgres().orElseThrow();
      List<ProcessHandle> all =
          Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
      Ordeal.Figures frozen =
          ordeal.suffer(
              () -> signal("STOP", all.stream()),
              () -> signal("CONT", all.stream()),
              "has not answered",
              false);
      ordeal.settle();
      assertThat(server.log()).contains("PostgreSQL ended by itself", "starting it again");
      figure = told("figure: faults: ", ordeal, List.of(full, stopped, frozen)) + figure;
    }
  }

  @Test
  void a_database_of_ones_own_that_is_away_for_seconds_is_waited_for() throws Exception {
    ServerProcess.shareBinaries(other);
    EmbeddedPostgres[] database = {EmbeddedPostgres.start(other)};
    String url = ServerProcess.urlOf(database[0]);
    try (Ordeal ordeal = new Ordeal(ServerProcess.start(home, Map.of("DATABASE_URL", url)))) {
      Ordeal.Figures away =
          ordeal.suffer(
              () -> database[0].close(),
              () -> database[0] = EmbeddedPostgres.start(other),
              "does not answer",
              true);
      ordeal.settle();
      figure += told("; by DATABASE_URL: ", ordeal, List.of(away));
    } finally {
      database[0].close();
    }
  }

  private static String told(String head, Ordeal ordeal, List<Ordeal.Figures> all) {
    long told = longest(all.stream().mapToLong(Ordeal.Figures::untilTold));
    long well = longest(all.stream().mapToLong(Ordeal.Figures::untilWell));
    assertThat(told).as("until health told").isLessThan(LONGEST_TO_TELL_MILLIS);
    assertThat(well).as("until it was well").isLessThan(LONGEST_TO_RECOVER_MILLIS);
    return head
        + "at most %d ms until /health told, %d ms until it was well again, %d runs, %d refusals, longest answer %d ms"
            .formatted(told, well, ordeal.runs(), ordeal.refusals(), ordeal.longestAnswerMillis());
  }

  private static long longest(LongStream all) {
    return all.max().orElse(0);
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

  private static void signal(String name, Stream<ProcessHandle> processes) throws Exception {
    for (ProcessHandle one : processes.toList()) {
      int _ = new ProcessBuilder("kill", "-" + name, Long.toString(one.pid())).start().waitFor();
    }
  }
}
