package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Saves what the server gives to a file that is whole or not there. */
final class Saving {
  private final Server server;
  private final Desk desk;

  Saving(Server server, Desk desk) {
    this.server = server;
    this.desk = desk;
  }

  /**
   * Saves it.
   *
   * @param what for the person, such as the run's id
   * @param output where to; the standard output when empty
   */
  void save(String path, String what, String output) throws IOException {
    if (output.isEmpty()) {
      server.download(path, desk.around().out());
      return;
    }
    // Beside its final place first, so that a broken connection leaves no half document there.
    Path file = Path.of(output).toAbsolutePath();
    Path half = file.resolveSibling(file.getFileName() + ".part");
    if (file.getParent() != null) {
      Files.createDirectories(file.getParent());
    }
    try {
      try (OutputStream to = Files.newOutputStream(half)) {
        server.download(path, to);
      }
      Files.move(half, file, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(half);
    }
    desk.hint(what + " is saved in " + output + " (" + Files.size(file) + " bytes)");
  }
}
