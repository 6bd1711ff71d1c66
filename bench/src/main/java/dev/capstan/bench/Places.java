package dev.capstan.bench;

import dev.capstan.postgres.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Folders for databases that live as long as a bench. */
final class Places {
  private Places() {}

  /** What is done with an open database. */
  interface Use {
    void with(Database database) throws Exception;
  }

  /** An embedded, durable PostgreSQL in a folder of its own, which is gone afterwards. */
  static void withDatabase(Use use) throws Exception {
    Path home = Files.createTempDirectory("capstan-bench");
    try (Database database = Database.embedded(home)) {
      use.with(database);
    } finally {
      remove(home);
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
