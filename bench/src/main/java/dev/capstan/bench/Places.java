package dev.capstan.bench;

import dev.capstan.postgres.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** Folders for databases that live as long as a bench, however it ends: by a signal, too. */
final class Places {
  private Places() {}

  /** What is done with an open database. */
  interface Use {
    void with(Database database) throws Exception;
  }

  /** An embedded, durable PostgreSQL in a folder of its own, which is gone afterwards. */
  static void withDatabase(Use use) throws Exception {
    Path home = Files.createTempDirectory("capstan-bench");
    with(home, use, () -> remove(home));
  }

  /** The same in a folder that stays. */
  static void withDatabase(Path home, Use use) throws Exception {
    with(home, use, () -> {});
  }

  private static void with(Path home, Use use, Runnable afterwards) throws Exception {
    Database database = Database.embedded(home);
    AtomicBoolean over = new AtomicBoolean();
    Runnable end =
        () -> {
          if (over.compareAndSet(false, true)) {
            database.close();
            afterwards.run();
          }
        };
    Thread onSignal = new Thread(end);
    Runtime.getRuntime().addShutdownHook(onSignal);
    try {
      use.with(database);
    } finally {
      // Nothing, if a signal came first: its hook ends it, and the JVM waits for that.
      end.run();
    }
  }

  static void remove(Path home) {
    try (Stream<Path> all = Files.walk(home)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException left) {
      throw new UncheckedIOException("the bench leaves " + home + " behind", left);
    }
  }
}
