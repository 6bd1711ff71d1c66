package dev.capstan.postgres.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The server's first process: starting it, knowing it, stopping it. */
final class Postmaster {
  private static final int STATUS_LINE = 7;
  private static final long LOOK_NANOS = 1_000_000;
  private static final Duration RECOVERY = Duration.ofMinutes(10);
  private static final Duration STOPPING = Duration.ofSeconds(30);
  private static final long LARGEST_LOG = 8 << 20;

  private final Cluster cluster;
  private final Binaries binaries;
  private final Shell shell;

  Postmaster(Cluster cluster, Binaries binaries, Shell shell) {
    this.cluster = cluster;
    this.binaries = binaries;
    this.shell = shell;
  }

  /**
   * Starts it and returns when it takes connections, which after a crash is when it has recovered.
   */
  Process start(int port) throws IOException {
    if (Files.exists(cluster.log()) && Files.size(cluster.log()) > LARGEST_LOG) {
      Files.move(
          cluster.log(),
          cluster.log().resolveSibling("postgres.log.1"),
          StandardCopyOption.REPLACE_EXISTING);
    }
    List<String> command = new ArrayList<>();
    command.addAll(binaries.command("postgres", "-D", cluster.files().toString()));
    command.addAll(Settings.arguments(port));
    Process process = shell.spawn(command, cluster.log());
    boolean settled =
        waitUntil(() -> !process.isAlive() || isReady(process.pid()), RECOVERY.toNanos());
    if (!settled || !process.isAlive()) {
      throw new IOException("PostgreSQL did not start: " + lastWords());
    }
    return process;
  }

  private boolean isReady(long pid) {
    List<String> lines = pidFile();
    return lines.size() > STATUS_LINE
        && lines.getFirst().strip().equals(Long.toString(pid))
        && lines.get(STATUS_LINE).startsWith("ready");
  }

  /** A server that an owner who was killed left behind. */
  OptionalLong orphan() {
    List<String> lines = pidFile();
    if (lines.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      long pid = Long.parseLong(lines.getFirst().strip());
      return isOurs(pid) ? OptionalLong.of(pid) : OptionalLong.empty();
    } catch (NumberFormatException torn) {
      return OptionalLong.empty();
    }
  }

  /** Forgets a note of a server that is gone, lest a stranger who has its number now be blamed. */
  void forgetStalePid() throws IOException {
    List<String> lines = pidFile();
    if (!lines.isEmpty()
        && orphan().isEmpty()
        && lines.getFirst().strip().matches("\\d+")
        && ProcessHandle.of(Long.parseLong(lines.getFirst().strip())).isPresent()) {
      Files.deleteIfExists(cluster.pidFile());
    }
  }

  /** Whether this process is a server on our files: its working directory tells. */
  private boolean isOurs(long pid) {
    Path working = Path.of("/proc", Long.toString(pid), "cwd");
    try {
      return Files.readSymbolicLink(working).equals(cluster.files().toRealPath());
    } catch (IOException | UnsupportedOperationException gone) {
      return !Files.exists(Path.of("/proc/self"))
          && ProcessHandle.of(pid)
              .flatMap(process -> process.info().command())
              .filter(program -> program.endsWith("postgres"))
              .isPresent();
    }
  }

  /**
   * Ends every session and stops in order; without ceremony when that takes longer than half a
   * minute.
   */
  void stop(long pid) {
    signal("INT", pid);
    if (!waitUntil(() -> !isOurs(pid), STOPPING.toNanos())) {
      signal("QUIT", pid);
      waitUntil(() -> !isOurs(pid), STOPPING.toNanos());
    }
  }

  private void signal(String name, long pid) {
    if (isOurs(pid)) {
      try {
        shell.run(binaries.command("pg_ctl", "kill", name, Long.toString(pid)));
      } catch (IllegalStateException refused) {
        if (isOurs(pid)) {
          throw refused;
        }
      }
    }
  }

  private List<String> pidFile() {
    try {
      return Files.readAllLines(cluster.pidFile());
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException halfWritten) {
      return List.of();
    }
  }

  private String lastWords() throws IOException {
    List<String> lines =
        Files.exists(cluster.log()) ? Files.readAllLines(cluster.log()) : List.of();
    return String.join(" / ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
  }

  static boolean waitUntil(BooleanSupplier reached, long nanos) {
    for (long waited = 0; waited < nanos; waited += LOOK_NANOS) {
      if (reached.getAsBoolean()) {
        return true;
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return reached.getAsBoolean();
  }
}
