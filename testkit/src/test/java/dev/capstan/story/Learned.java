package dev.capstan.story;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * How the stories' JVMs start a server that lives for seconds: from an archive of its classes, as
 * the launcher does, which the first who needs it makes, and with the quick compiler only. That is
 * a third of the work of a start, of which there are some forty. {@code --long} starts it without.
 */
final class Learned {
  private static final List<String> CLASSES_ONLY =
      List.of("-XX:+UnlockDiagnosticVMOptions", "-XX:-AOTRecordTraining", "-XX:-AOTReplayTraining");

  private static final Path APP = ReadmeStory.root().resolve("edge/server/target/app");
  private static final Path TARGET = ReadmeStory.root().resolve("testkit/target");
  private static final Path ARCHIVE = TARGET.resolve("stories.aot");

  private Learned() {}

  static List<String> options() throws IOException, InterruptedException {
    if (Boolean.getBoolean("capstan.long")) {
      return List.of();
    }
    makeOnce();
    return List.of("-XX:AOTCache=" + ARCHIVE, "-XX:TieredStopAtLevel=1");
  }

  /** One at a time among the threads of this JVM, and among the JVMs that tell stories. */
  private static synchronized void makeOnce() throws IOException, InterruptedException {
    try (FileChannel channel =
            FileChannel.open(
                TARGET.resolve("stories.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = channel.lock()) {
      if (!isFresh()) {
        make();
      }
    }
  }

  private static boolean isFresh() throws IOException {
    if (!Files.exists(ARCHIVE)) {
      return false;
    }
    try (Stream<Path> files = Files.walk(APP)) {
      return files
          .filter(file -> file.toString().endsWith(".jar"))
          .noneMatch(jar -> jar.toFile().lastModified() > ARCHIVE.toFile().lastModified());
    }
  }

  /** The JVM writes it when the server has ended. */
  private static void make() throws IOException, InterruptedException {
    Path home = Files.createTempDirectory(TARGET, "learns");
    Path made = home.resolve("stories.aot");
    List<String> learning =
        Stream.concat(CLASSES_ONLY.stream(), Stream.of("-XX:AOTCacheOutput=" + made)).toList();
    try {
      try (ServerProcess server = ServerProcess.startWith(learning, home);
          Door door = new Door(server.url())) {
        Door.Answer _ = door.get("/health");
        Door.Answer _ = door.post("/runs", "{\"prompt\":\"calculate 6 * 7\"}", null);
        Door.Answer _ = door.get("/runs");
      }
      Files.move(made, ARCHIVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      remove(home);
    }
  }

  private static void remove(Path home) throws IOException {
    try (Stream<Path> left = Files.walk(home)) {
      for (Path each : left.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    }
  }
}
