package dev.capstan.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.story.Terminal.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Types every command of the README, in its order, at a real server. */
class ReadmeStory {
  @TempDir static Path home;
  private static ServerProcess server;
  private static Terminal terminal;

  @BeforeAll
  static void up() throws Exception {
    server = ServerProcess.start(home, models());
    terminal = new Terminal(server.url(), home.toString());
  }

  @AfterAll
  static void down() {
    server.close();
  }

  @Test
  void every_command_of_the_readme_does_what_it_says() throws Exception {
    CompletableFuture<Said> watched = CompletableFuture.completedFuture(new Said(0, "", ""));
    for (String line : commands()) {
      if (line.contains("--watch")) {
        watched = CompletableFuture.supplyAsync(() -> terminal.type(line));
        awaitApproval();
        continue;
      }
      Said said = terminal.type(line);
      assertThat(said.code()).as("%s%n%s%s", line, said.out(), said.err()).isZero();
      if (line.startsWith("fork")) {
        assertThat(terminal.type("watch last").out()).contains("1.4.0 is live on blue");
      }
      if (line.startsWith("approve")) {
        Said end = watched.get(60, TimeUnit.SECONDS);
        assertThat(end.code()).as(end.out()).isZero();
        assertThat(end.out()).contains("1.4.0 is live on green");
      }
    }
  }

  /** The README's calls of the launcher but for those that start and stop the server. */
  private static List<String> commands() throws IOException {
    List<String> commands =
        Files.readAllLines(root().resolve("README.md")).stream()
            .filter(line -> line.startsWith("./capstan "))
            .map(line -> line.replaceFirst(" +#.*", "").substring("./capstan ".length()).strip())
            .filter(line -> !line.matches("(up|down)\\b.*"))
            .map(line -> line.replace("examples/", root() + "/examples/"))
            .map(line -> line.replace(" tests/", " " + home.resolve("tests") + "/"))
            .toList();
    assertThat(commands).hasSizeGreaterThan(5);
    return commands;
  }

  private static void awaitApproval() {
    // Each look is a request over HTTP: the wait is bounded by their number.
    for (int looks = 0; looks < 2_000; looks++) {
      Said why = terminal.type("why last");
      if (why.out().contains("approval")) {
        return;
      }
    }
    throw new AssertionError("no approval was asked for");
  }

  @Test
  void the_curl_of_the_readme_gets_a_run() throws Exception {
    String line =
        Files.readAllLines(root().resolve("README.md")).stream()
            .filter(one -> one.startsWith("curl ") && one.contains("/runs"))
            .findFirst()
            .orElseThrow()
            .replace("localhost:8080", "localhost:" + server.port());
    Process curl = new ProcessBuilder("bash", "-c", line).start();
    String answer =
        new String(curl.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(curl.waitFor()).isZero();
    assertThat(answer).contains("\"id\"", "run_");
  }

  /** The models that answer from a file, as the README starts the server with them. */
  static Map<String, String> models() {
    return Map.of("CAPSTAN_CONFIG", root().resolve("examples/models/capstan.yaml").toString());
  }

  static Path root() {
    return Path.of(System.getProperty("user.dir")).toAbsolutePath().getParent();
  }
}
