package dev.capstan.cli.verb;

import dev.capstan.cli.api.Server;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Saves what the server gives of a run to a file that is whole or not there. */
final class Saving {
  @Mixin OneRun of = new OneRun();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Where to; the standard output when absent.")
  String output = "";

  /**
   * Saves {@code /runs/RUN/part}. Returns the exit code.
   *
   * @param what stands before the run's id where a person is told of it
   */
  int save(Desk desk, String part, String what) throws IOException {
    Server server = desk.server(of.manner);
    String id = RunName.resolve(server, of.run);
    String path = "/runs/" + id + "/" + part;
    if (output.isEmpty()) {
      server.download(path, desk.around().out());
      return 0;
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
    desk.hint(what + id + " is saved in " + output + " (" + Files.size(file) + " bytes)");
    return 0;
  }
}
