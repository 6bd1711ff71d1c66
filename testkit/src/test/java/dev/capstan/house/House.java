package dev.capstan.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/** The working tree: where its rooms, sources, pages and class files are. */
final class House {
  private static final Set<String> NOT_OURS =
      Set.of("target", ".git", "node_modules", "build", ".idea", ".flattened");

  /** Reading them takes seconds; several rules ask. */
  private static final Map<String, JavaClasses> READ = new ConcurrentHashMap<>();

  private House() {}

  static Path root() {
    Path here = Path.of(System.getProperty("user.dir")).toAbsolutePath();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("mvnw"))) {
        return folder;
      }
    }
    throw new IllegalStateException("no mvnw above " + here);
  }

  /** The folders that hold a pom, without the root: {@code core/kernel}, {@code testkit}, … */
  static List<Path> rooms() {
    return files(file -> file.getFileName().toString().equals("pom.xml")).stream()
        .map(Path::getParent)
        .filter(folder -> !folder.equals(root()))
        .toList();
  }

  /** Every file of the tree that somebody wrote and that passes {@code wanted}, in order. */
  static List<Path> files(Predicate<Path> wanted) {
    List<Path> found = new ArrayList<>();
    try {
      Files.walkFileTree(
          root(),
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              return NOT_OURS.contains(folder.getFileName().toString())
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (wanted.test(file)) {
                found.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
    found.sort(null);
    return found;
  }

  static List<Path> javaFiles() {
    return files(file -> file.toString().endsWith(".java"));
  }

  static List<Path> pages() {
    return files(file -> file.toString().endsWith(".md"));
  }

  /** The class files that the rooms ship. */
  static JavaClasses classes() {
    return READ.computeIfAbsent("target/classes", House::classesIn);
  }

  /** The class files of the rooms' tests. */
  static JavaClasses testClasses() {
    return READ.computeIfAbsent("target/test-classes", House::classesIn);
  }

  private static JavaClasses classesIn(String folder) {
    List<Path> folders =
        rooms().stream().map(room -> room.resolve(folder)).filter(Files::isDirectory).toList();
    return new ClassFileImporter().importPaths(folders);
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** A path as people write it, from the root. */
  static String shown(Path file) {
    return root().relativize(file).toString();
  }
}
