package dev.capstan.postgres.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BinariesTest {
  @TempDir private Path home;

  private Path unpacked(String name, String program) throws IOException {
    Path folder = Files.createDirectories(home.resolve(name).resolve("bin")).getParent();
    Files.writeString(folder.resolve("bin/postgres"), program);
    return folder;
  }

  @Test
  void whoever_unpacks_as_fast_as_another_process_uses_what_is_there() throws Exception {
    Path folder = unpacked("kept", "the other's");
    Binaries.keep(unpacked("fresh", "ours"), folder);
    assertThat(folder.resolve("bin/postgres")).hasContent("the other's");
  }

  @Test
  void what_nobody_else_unpacked_is_kept() throws Exception {
    Path folder = home.resolve("kept");
    Path fresh = unpacked("fresh", "ours");
    Binaries.keep(fresh, folder);
    assertThat(folder.resolve("bin/postgres")).hasContent("ours");
    assertThatThrownBy(() -> Binaries.keep(fresh, home.resolve("other")))
        .isInstanceOf(NoSuchFileException.class);
  }
}
