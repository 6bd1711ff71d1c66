package dev.capstan.postgres;

import dev.capstan.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Folders for the servers of tests, which are gone when the JVM ends. Those of a JVM that was
 * killed go, with the server that still runs there, when the next one makes its first.
 */
public final class TestHomes {
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));
  private static final Path BINARIES = TEMPORARY.resolve("capstan-test-postgres");
  private static final String PREFIX = "capstan-test-";

  /** Says whose it is. */
  private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d+)-\\d+");

  private static final Deque<Runnable> AT_END = new ArrayDeque<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(TestHomes::end));
    sweep();
  }

  private TestHomes() {}

  /** A fresh one: the server's programs are shared with every other test JVM, the data is not. */
  static Path make() {
    try {
      Path home = Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
      atEnd(() -> remove(home));
      shareBinaries(home);
      return home;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Lets a server in this folder use the programs that were unpacked once for all of them. */
  public static void shareBinaries(Path home) throws IOException {
    Files.createDirectories(BINARIES);
    Files.createSymbolicLink(home.resolve("postgres"), BINARIES);
  }

  /** To be done when the JVM ends; what came last is done first. */
  static synchronized void atEnd(Runnable deed) {
    AT_END.push(deed);
  }

  private static synchronized void end() {
    AT_END.forEach(TestHomes::attempt);
  }

  /** One that fails keeps nobody else from it. */
  private static void attempt(Runnable deed) {
    try {
      deed.run();
    } catch (RuntimeException failed) {
      // Loggers may be gone at the end of a JVM.
      System.err.println(failed);
    }
  }

  /** Removes what JVMs left that live no more. */
  static void sweep() {
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(TEMPORARY, PREFIX + "*")) {
      for (Path home : homes) {
        Matcher name = NAME.matcher(String.valueOf(home.getFileName()));
        if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
          attempt(() -> remove(home));
        }
      }
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static void remove(Path home) {
    if (Files.exists(home.resolve("data/cluster/postmaster.pid"))) {
      // Its owner is gone, the server is not: to begin again there is how it is stopped in order.
      EmbeddedPostgres.start(home).close();
    }
    try (Stream<Path> all = Files.walk(home)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException left) {
      throw new UncheckedIOException("the tests leave " + home + " behind", left);
    }
  }
}
