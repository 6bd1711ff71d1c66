package dev.capstan.story;

import dev.capstan.kernel.Json;
import dev.capstan.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.databind.JsonNode;

/**
 * The server as it is packaged, in a process of its own, with its embedded PostgreSQL, on a free
 * port.
 */
final class ServerProcess implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 120;

  private final Path home;
  private final Process process;
  private final JsonNode card;

  private ServerProcess(Path home, Process process, JsonNode card) {
    this.home = home;
    this.process = process;
    this.card = card;
  }

  /** Starts it in this folder and waits until it says that it is ready. */
  static ServerProcess start(Path home) throws IOException, InterruptedException {
    return start(home, Map.of());
  }

  /** The same with more in its environment. */
  static ServerProcess start(Path home, Map<String, String> environment)
      throws IOException, InterruptedException {
    return start(home, environment, List.of(), Learned.options());
  }

  /** The same, its JVM being told more. */
  static ServerProcess startWith(List<String> options, Path home)
      throws IOException, InterruptedException {
    return start(home, Map.of(), List.of(), options);
  }

  /**
   * The same, its folder {@code data} being a small disk of its own, which no other process sees.
   */
  static ServerProcess startOnSmallDisk(Path home, int mebibytes)
      throws IOException, InterruptedException {
    Files.createDirectories(home.resolve("data"));
    return start(
        home,
        Map.of(),
        List.of(
            "unshare",
            "--user",
            "--map-root-user",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs -o mode=700,size=" + mebibytes + "m tmpfs \"$0\" && exec \"$@\"",
            home.resolve("data").toString()),
        Learned.options());
  }

  /** What makes a server use this database, as its {@code DATABASE_URL}. */
  static String urlOf(EmbeddedPostgres database) {
    String user = database.user() + ":" + database.password() + "@";
    return database.jdbcUrl("postgres").replace("jdbc:postgresql://", "postgres://" + user);
  }

  /** PostgreSQL's programs are unpacked once, for all. */
  static void shareBinaries(Path home) throws IOException {
    if (!Files.exists(home.resolve("postgres"))) {
      Path shared = Path.of(System.getProperty("java.io.tmpdir"), "capstan-test-postgres");
      Files.createDirectories(shared);
      Files.createSymbolicLink(home.resolve("postgres"), shared);
    }
  }

  private static ServerProcess start(
      Path home, Map<String, String> environment, List<String> within, List<String> options)
      throws IOException, InterruptedException {
    shareBinaries(home);
    Path log = home.resolve("server.log");
    Files.deleteIfExists(home.resolve("server.json"));
    List<String> command = new ArrayList<>(within);
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-Xmx256m"));
    command.addAll(options);
    command.addAll(
        List.of(
            "-jar",
            ReadmeStory.root().resolve("edge/server/target/app/capstan-server.jar").toString()));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CAPSTAN_HOME", home.toString());
    builder.environment().put("CAPSTAN_PORT", "0");
    builder.environment().remove("DATABASE_URL");
    builder.environment().putAll(environment);
    builder
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    return new ServerProcess(home, process, awaitCard(home, process, log));
  }

  private static JsonNode awaitCard(Path home, Process process, Path log)
      throws IOException, InterruptedException {
    Path card = home.resolve("server.json");
    for (int tenths = 0; tenths < PATIENCE_SECONDS * 10; tenths++) {
      if (Files.exists(card)) {
        return Json.parse(Files.readString(card));
      }
      if (endsWithin(process, 100)) {
        throw new IllegalStateException("the server ended:\n" + Files.readString(log));
      }
    }
    process.destroyForcibly();
    throw new IllegalStateException("the server was not ready in time:\n" + Files.readString(log));
  }

  private static boolean endsWithin(Process process, long millis) throws InterruptedException {
    try {
      process.onExit().get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException lives) {
      return false;
    } catch (ExecutionException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  String url() {
    return card.path("url").asString("");
  }

  int port() {
    return card.path("port").asInt(0);
  }

  /** As {@code kill -9} does. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    endsWithin(process, PATIENCE_SECONDS * 1_000L);
  }

  /** The same for its PostgreSQL, which dies and leaves its sessions to find that out. */
  void killPostgres() throws IOException {
    postgres().ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Its PostgreSQL, when it has one that runs. */
  Optional<ProcessHandle> postgres() throws IOException {
    Path note = data().resolve("cluster/postmaster.pid");
    return Files.exists(note)
        ? ProcessHandle.of(Long.parseLong(Files.readAllLines(note).getFirst().strip()))
        : Optional.empty();
  }

  /** Its data folder as it sees it, also where nobody else does. */
  Path data() {
    return Path.of("/proc", Long.toString(process.pid()), "root")
        .resolve(Path.of("/").relativize(home.toAbsolutePath()))
        .resolve("data");
  }

  /** What it said. */
  String log() throws IOException {
    return Files.readString(home.resolve("server.log"));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!endsWithin(process, 60_000)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }
}
