package dev.capstan.story;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.story.Terminal.Said;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillStory {
  @TempDir Path home;

  @Test
  void a_run_goes_on_where_it_was_after_kill_minus_nine() throws Exception {
    String run;
    try (ServerProcess first = ServerProcess.start(home)) {
      Terminal terminal = new Terminal(first.url(), home.toString());
      run =
          terminal
              .call("run", ReadmeStory.root() + "/examples/release.yaml", "--detach")
              .out()
              .strip();
      first.kill();
      assertThat(terminal.type("status").code()).isEqualTo(7);
    }
    try (ServerProcess second = ServerProcess.start(home)) {
      Terminal terminal = new Terminal(second.url(), home.toString());
      // A signal or an answer that comes too early is refused: try until the step asks.
      Said approved = terminal.call("approve", run);
      for (int tries = 0; approved.code() == 5 && tries < 2_000; tries++) {
        approved = terminal.call("approve", run);
      }
      assertThat(approved.code()).as(approved.err()).isZero();
      Said watched = terminal.call("watch", run);
      assertThat(watched.code()).as(watched.out()).isZero();
      assertThat(watched.out()).contains("1.4.0 is live on green");
      assertThat(terminal.call("replay", run).code()).isZero();
      assertThat(terminal.call("verify").code()).isZero();
    }
  }
}
