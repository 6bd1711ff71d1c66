package dev.capstan.server;

import dev.capstan.kernel.Json;
import dev.capstan.server.house.Version;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;

/** {@code server.json} in the home folder: who answers, and where, while it is ready. */
final class ServerCard implements AutoCloseable {
  private record Card(long pid, int port, String url, Instant startedAt, String version) {}

  private final Path file;

  private ServerCard(Path file) {
    this.file = file;
  }

  /** Writes the card, whole or not at all. */
  static ServerCard write(Path home, String host, int port, Instant now) {
    Path file = home.resolve("server.json");
    Card card =
        new Card(
            ProcessHandle.current().pid(),
            port,
            "http://" + host + ":" + port,
            now,
            Version.text());
    try {
      Files.createDirectories(home);
      Path draft = Files.createTempFile(home, "server", ".json");
      Files.writeString(draft, Json.pretty(card) + "\n");
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return new ServerCard(file);
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot write " + file + ": " + broken.getMessage(), broken);
    }
  }

  /** Removes it, unless another server has written its own since. */
  @Override
  public void close() {
    try {
      if (Files.exists(file)
          && Json.parse(Files.readString(file)).path("pid").asLong(0)
              == ProcessHandle.current().pid()) {
        Files.delete(file);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException("cannot remove " + file, broken);
    }
  }
}
