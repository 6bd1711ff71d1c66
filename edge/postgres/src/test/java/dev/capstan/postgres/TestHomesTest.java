package dev.capstan.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestHomesTest {
  @Test
  void what_the_dead_left_goes_and_what_the_living_and_all_share_stays(@TempDir Path folder)
      throws Exception {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    Path kept = Files.writeString(shared.resolve("kept"), "by all");
    Path made = Files.createDirectory(folder.resolve("made"));
    Files.writeString(Files.createDirectories(made.resolve("data")).resolve("file"), "data");
    Files.createSymbolicLink(made.resolve("postgres"), shared);
    Process dead = new ProcessBuilder("true").start();
    dead.waitFor();
    Path left = Files.move(made, folder.resolveSibling("capstan-test-" + dead.pid() + "-1"));
    Path living = TestHomes.make();

    TestHomes.sweep();

    assertThat(left).doesNotExist();
    assertThat(kept).exists();
    assertThat(living).exists();
  }
}
