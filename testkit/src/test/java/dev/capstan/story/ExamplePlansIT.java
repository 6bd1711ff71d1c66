package dev.capstan.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.story.Terminal.Said;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every plan of examples/, and the verbs that only a real server can answer. */
@Timeout(300)
class ExamplePlansIT {
  /**
   * What each prints at its end; release and patience need somebody and have tests of their own.
   */
  private static final Map<String, String> ENDS =
      Map.of(
          "hello.yaml", "hello world",
          "fanout.yaml", "385",
          "loop.yaml", "192",
          "nested.yaml", "a page from notes on capstans",
          "agent.yaml", "The order comes to 64.20",
          "crew.yaml", "lift what none of them could lift alone",
          "led.yaml", "44.10, for good",
          "saga.yaml", "undone  hotel, flight");

  private static final List<String> FAILING = List.of("saga.yaml", "nested.yaml");

  /** The line that says by what a step is released. */
  private static final Pattern ADVICE = Pattern.compile("capstan (approve \\S+ --step \\S+)\\R");

  @TempDir static Path home;
  private static ServerProcess server;
  private static Terminal terminal;

  @BeforeAll
  static void up() throws Exception {
    server = ServerProcess.start(home, ReadmeStory.models());
    terminal = new Terminal(server.url(), home.toString());
  }

  @AfterAll
  static void down() {
    server.close();
  }

  @Test
  void every_example_checks_and_draws() throws Exception {
    try (Stream<Path> files = Files.list(ReadmeStory.root().resolve("examples"))) {
      for (Path file : files.filter(one -> one.toString().endsWith(".yaml")).toList()) {
        Said checked = terminal.call("plan", "check", file.toString());
        assertThat(checked.code()).as(checked.out()).isZero();
        assertThat(terminal.call("plan", "draw", file.toString(), "--format", "mermaid").out())
            .startsWith("flowchart");
      }
    }
  }

  @Test
  void every_example_ends_as_it_says() {
    ENDS.forEach((file, end) -> {
      Said said = terminal.call("run", ReadmeStory.root() + "/examples/" + file);
      assertThat(said.out()).as(said.err()).contains(end);
      assertThat(said.code()).as(file).isEqualTo(FAILING.contains(file) ? 1 : 0);
    });
  }

  @Test
  void patience_goes_on_with_its_signal_and_tells_every_event_once() {
    Said started = terminal.call("run", ReadmeStory.root() + "/examples/patience.yaml", "--detach");
    String run = started.out().strip();
    // Sent before anybody waits for it: it is kept.
    assertThat(terminal.call("signal", run, "go", "--payload", "{\"colour\":\"blue\"}").code())
        .isZero();
    Said watched = terminal.call("watch", run, "--json");
    assertThat(watched.out().lines().filter(line -> line.contains("run_completed"))).hasSize(1);
    assertThat(terminal.call("show", run).out()).contains("painted blue");
    assertThat(terminal.call("replay", run).code()).isZero();
  }

  @Test
  void whoever_waits_in_a_pipe_for_a_run_that_waits_for_a_person_is_told_the_way_on()
      throws Exception {
    ByteArrayOutputStream beside = new ByteArrayOutputStream();
    FutureTask<Said> running =
        new FutureTask<>(
            () -> terminal.call(beside, "run", ReadmeStory.root() + "/examples/release.yaml"));
    Thread.ofVirtual().start(running);
    Matcher advice = ADVICE.matcher("");
    CountDownLatch never = new CountDownLatch(1);
    while (!advice.reset(beside.toString(StandardCharsets.UTF_8)).find()) {
      assertThat(running.isDone()).as("it ended untold: %s", beside).isFalse();
      boolean _ = never.await(50, TimeUnit.MILLISECONDS);
    }
    assertThat(terminal.type(advice.group(1)).code()).isZero();
    Said said = running.get(60, TimeUnit.SECONDS);
    assertThat(said.out()).as(said.err()).contains("is live on green");
    assertThat(said.err()).containsOnlyOnce("waits for approval");
  }

  @Test
  void a_run_survives_the_end_of_its_file_and_comes_back_by_export_and_import() {
    String run =
        terminal.call("run", ReadmeStory.root() + "/examples/hello.yaml", "--detach").out().strip();
    assertThat(terminal.call("watch", run).code()).isZero();
    Path saved = home.resolve("saved.json");
    assertThat(terminal.call("export", run, "-o", saved.toString()).code()).isZero();
    Said imported = terminal.call("import", saved.toString());
    assertThat(imported.code()).as(imported.err()).isZero();
    assertThat(terminal.call("show", imported.out().strip()).out()).contains("hello world");
  }

  @Test
  void refusals_have_their_exit_codes() {
    assertThat(terminal.call("show", "run_01k2m3n4p5q6r").code()).isEqualTo(3);
    assertThat(terminal.call("show", "zzzz").code()).isEqualTo(3);
    assertThat(terminal.call("run", "please paint the sky").code()).isEqualTo(2);
    String done =
        terminal
            .call("run", ReadmeStory.root() + "/examples/hello.yaml", "--json")
            .json()
            .path("id")
            .asString("");
    assertThat(terminal.call("pause", done).code()).isEqualTo(5);
    assertThat(terminal.call("approve", done).code()).isEqualTo(5);
  }

  @Test
  void the_house_verbs_answer() {
    assertThat(terminal.type("status").out()).contains("healthy");
    assertThat(terminal.type("tools").out()).contains("calculator", "todo");
    assertThat(terminal.type("tools echo").out()).contains("Returns its input");
    assertThat(terminal.type("verify").code()).isZero();
    assertThat(terminal.type("doctor").code()).isZero();
    assertThat(terminal.type("runs --json").json().path("items").isArray()).isTrue();
  }
}
