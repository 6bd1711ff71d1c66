package dev.capstan.postgres.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the server's own programs, as somebody who is not root: PostgreSQL refuses root. */
final class Shell {
  private static final int LONGEST_SECONDS = 120;

  private final List<String> prefix;

  private Shell(List<String> prefix) {
    this.prefix = prefix;
  }

  /**
   * Finds out how to be nobody in particular. Root enters an empty user namespace, where it still
   * owns its files but is not root.
   */
  static Shell find() {
    if (!isRoot()) {
      return new Shell(List.of());
    }
    if (succeeds(List.of("unshare", "-U", "true"))) {
      return new Shell(List.of("unshare", "-U"));
    }
    throw new IllegalStateException(
        "PostgreSQL does not run as root, and 'unshare -U' does not work here: start Capstan as "
            + "another user, or give it a database by DATABASE_URL");
  }

  private static boolean isRoot() {
    try {
      return Files.exists(Path.of("/proc/self"))
          && Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
    } catch (IOException | UnsupportedOperationException unknown) {
      return "root".equals(System.getProperty("user.name"));
    }
  }

  private static boolean succeeds(List<String> command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException absent) {
      return false;
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Runs a program to its end. Throws {@link IllegalStateException} with its output if it fails.
   */
  void run(List<String> command) {
    try {
      Path output = Files.createTempFile("capstan", ".out");
      try {
        Process process =
            new ProcessBuilder(prefixed(command))
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        process.getOutputStream().close();
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
          throw new IllegalStateException(command.getFirst() + " took longer than two minutes");
        }
        if (process.exitValue() != 0) {
          String said = new String(Files.readAllBytes(output), StandardCharsets.UTF_8).strip();
          throw new IllegalStateException(command.getFirst() + " failed: " + said);
        }
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + command.getFirst(), stop);
    }
  }

  /**
   * Starts a program that outlives us if need be: in a session of its own, so that a Ctrl-C meant
   * for us does not reach it, and with its output in a file.
   */
  Process spawn(List<String> command, Path log) throws IOException {
    List<String> all = new ArrayList<>();
    if (Files.isExecutable(Path.of("/usr/bin/setsid"))) {
      all.add("/usr/bin/setsid");
    }
    all.addAll(prefixed(command));
    Process process =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    process.getOutputStream().close();
    return process;
  }

  private List<String> prefixed(List<String> command) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(command);
    return all;
  }
}
