package dev.capstan.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the build learns for later starts: the launcher as it is, beside a program that is built
 * already.
 */
@Timeout(300)
class LearningStory {
  private static final String ARCHIVE = "capstan.aot";

  @TempDir Path root;
  @TempDir Path home;
  private Path app;

  @BeforeEach
  void a_built_program_beside_the_launcher() throws IOException {
    // Unpacking PostgreSQL is no part of the story, and would take a third of its time.
    ServerProcess.shareBinaries(home);
    app = root.resolve("build/app/server");
    copy(ReadmeStory.root().resolve("edge/server/target/app"), app);
    copy(ReadmeStory.root().resolve("etc"), root.resolve("etc"));
    Files.copy(ReadmeStory.root().resolve("capstan"), root.resolve("capstan"));
    for (String room : List.of("core", "work", "edge")) {
      Files.createDirectories(root.resolve(room));
    }
    Files.writeString(root.resolve("pom.xml"), "");
    Files.writeString(app.resolve("jdk"), System.getProperty("java.home") + "\n");
    // The launcher only looks whether it is there.
    Files.createDirectories(root.resolve("build/app/cli"));
    Files.writeString(root.resolve("build/app/cli/capstan-cli.jar"), "");
    Files.writeString(root.resolve("build/app/stamp"), "");
  }

  @AfterEach
  void down() throws Exception {
    String _ = capstan(Map.of(), "down");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path place = to.resolve(from.relativize(each));
        Files.createDirectories(place.getParent());
        if (!Files.isDirectory(each)) {
          Files.copy(each, place, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }

  private ProcessBuilder program(Map<String, String> more, String... words) {
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().put("CAPSTAN_HOME", home.toString());
    builder.environment().put("CAPSTAN_PORT", "0");
    builder.environment().remove("DATABASE_URL");
    builder.environment().remove("CAPSTAN_LEARN");
    builder.environment().putAll(more);
    return builder;
  }

  /** What the launcher said; it must have ended with 0. */
  private String capstan(Map<String, String> more, String... words) throws Exception {
    Path said = Files.createTempFile(root, "said", ".txt");
    String launcher = root.resolve("capstan").toString();
    Process process =
        program(more, Stream.concat(Stream.of(launcher), Stream.of(words)).toArray(String[]::new))
            .redirectOutput(said.toFile())
            .start();
    assertThat(process.waitFor(200, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
    return Files.readString(said);
  }

  private long server() throws IOException {
    return Json.parse(Files.readString(home.resolve("server.json"))).path("pid").longValue();
  }

  /**
   * Whether the server that is up took the archive: the JVM says nothing of one that it passes
   * over.
   */
  private boolean tookTheArchive() throws IOException {
    return Files.readString(Path.of("/proc", Long.toString(server()), "maps")).contains(ARCHIVE);
  }

  private List<String> archives() {
    try (Stream<Path> files = Files.list(app)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.startsWith(ARCHIVE))
          .toList();
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  @Test
  void a_server_that_was_stopped_at_once_starts_from_what_was_learned_before_it_ran()
      throws Exception {
    killedInItsDrill();
    assertThat(capstan(Map.of(), "up")).contains("Taught it to start fast", "Capstan is up");
    assertThat(archives()).as("nothing half-written is left").containsExactly(ARCHIVE);
    assertThat(tookTheArchive()).isTrue();
    String _ = capstan(Map.of(), "down");

    assertThat(capstan(Map.of(), "up")).contains("Capstan is up").doesNotContain("Taught");
    assertThat(tookTheArchive()).isTrue();
    String _ = capstan(Map.of(), "down");
    // With this option a JVM that cannot take the archive ends with an error.
    assertThat(capstan(Map.of("JAVA_TOOL_OPTIONS", "-XX:AOTMode=on"), "test", "--help"))
        .contains("Usage: capstan test");

    try (RandomAccessFile archive = new RandomAccessFile(app.resolve(ARCHIVE).toFile(), "rw")) {
      archive.setLength(archive.length() / 2);
    }
    assertThat(capstan(Map.of(), "up")).as("half an archive is none").contains("Capstan is up");
    assertThat(tookTheArchive()).isFalse();
  }

  /**
   * The learning is killed when the drill is under way, and all that it started. What it cannot
   * take away then lies in our folder.
   */
  private void killedInItsDrill() throws Exception {
    String temporary = Files.createDirectory(home.resolve("temporary")).toString();
    Map<String, String> where =
        Map.of("TMPDIR", temporary, "JAVA_TOOL_OPTIONS", "-Djava.io.tmpdir=" + temporary);
    Process learning =
        program(where, root.resolve("etc/train-server").toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    boolean drilling = false;
    while (!drilling) {
      assertThat(learning.waitFor(100, TimeUnit.MILLISECONDS)).as("it ended early").isFalse();
      drilling = learning.descendants().anyMatch(LearningStory::isPostgres);
    }
    List<ProcessHandle> all = learning.descendants().toList();
    learning.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    for (ProcessHandle each : all) {
      each.onExit().get(30, TimeUnit.SECONDS);
    }
    assertThat(archives()).doesNotContain(ARCHIVE);
  }

  private static boolean isPostgres(ProcessHandle process) {
    return process.info().command().orElse("").contains("postgres");
  }

  @Test
  void whoever_does_not_want_to_wait_for_it_starts_without() throws Exception {
    assertThat(capstan(Map.of("CAPSTAN_LEARN", "no"), "up"))
        .contains("Capstan is up")
        .doesNotContain("Taught");
    assertThat(archives()).isEmpty();
    assertThat(tookTheArchive()).isFalse();
  }
}
