package dev.capstan.postgres.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.postgres.TestHomes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class EmbeddedPostgresIT {
  @TempDir private Path home;

  @BeforeEach
  void share_the_binaries() throws Exception {
    TestHomes.shareBinaries(home);
  }

  private static String ask(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(
                server.jdbcUrl("postgres"), server.user(), server.password());
        Statement statement = connection.createStatement()) {
      if (!statement.execute(sql)) {
        return "";
      }
      try (ResultSet row = statement.getResultSet()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  @Test
  void it_is_durable_and_keeps_its_data_and_its_password_to_itself() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
      for (String setting : new String[] {"fsync", "synchronous_commit", "full_page_writes"}) {
        assertThat(ask(server, "show " + setting)).isEqualTo("on");
      }
      assertThat(Path.of(ask(server, "show data_directory"))).startsWith(home);
      assertThat(ask(server, "show server_version")).startsWith("18.");
      ask(server, "create table kept (n int)");
    }
    Path password = home.resolve("data/password");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
        .isEqualTo("rw-------");
    long began = System.nanoTime();
    try (EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
      System.out.printf("second start: %d ms%n", (System.nanoTime() - began) / 1_000_000);
      assertThat(ask(server, "select count(*) from kept")).isEqualTo("0");
      assertThatThrownBy(
              () -> DriverManager.getConnection(server.jdbcUrl("postgres"), "capstan", "guess"))
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void a_second_owner_of_one_folder_is_refused_and_told_who_is_there() {
    try (EmbeddedPostgres _ = EmbeddedPostgres.start(home)) {
      assertThatThrownBy(() -> EmbeddedPostgres.start(home))
          .isInstanceOf(FolderInUse.class)
          .hasMessageContaining("process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void a_cluster_that_was_cut_short_is_made_anew() throws Exception {
    Path cluster = home.resolve("data/cluster");
    Files.createDirectories(cluster.resolve("base"));
    Files.writeString(cluster.resolve("PG_VERSION"), "18\n");
    try (EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
      assertThat(ask(server, "select 1")).isEqualTo("1");
    }
  }

  @Test
  void a_server_that_a_killed_owner_left_behind_is_replaced_and_nothing_is_lost() throws Exception {
    Process owner = Owner.start(home);
    ProcessHandle orphan = Owner.server(owner);
    owner.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    assertThat(orphan.isAlive()).isTrue();

    try (EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
      assertThat(server.pid()).isNotEqualTo(orphan.pid());
      assertThat(ask(server, "select n from kept")).isEqualTo("7");
    }
  }

  @Test
  void a_stale_pid_file_that_names_a_stranger_is_no_obstacle() throws Exception {
    Process owner = Owner.start(home);
    ProcessHandle orphan = Owner.server(owner);
    owner.destroyForcibly().waitFor(30, TimeUnit.SECONDS);
    orphan.destroyForcibly();
    orphan.onExit().get(30, TimeUnit.SECONDS);
    Path pidFile = home.resolve("data/cluster/postmaster.pid");
    String stale = Files.readString(pidFile);
    Files.writeString(
        pidFile, ProcessHandle.current().pid() + stale.substring(stale.indexOf('\n')));

    try (EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
      assertThat(ask(server, "select n from kept")).isEqualTo("7");
    }
  }

  @Test
  void a_server_that_dies_is_started_again_at_the_same_address() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(home)) {
      ask(server, "create table kept (n int)");
      long first = server.pid();
      ProcessHandle.of(first).orElseThrow().destroyForcibly();
      boolean back =
          Postmaster.waitUntil(
              () -> {
                try {
                  return server.pid() != first && ask(server, "select 1").equals("1");
                } catch (SQLException notYet) {
                  return false;
                }
              },
              TimeUnit.SECONDS.toNanos(60));
      assertThat(back).isTrue();
      assertThat(ask(server, "select count(*) from kept")).isEqualTo("0");
    }
  }
}
