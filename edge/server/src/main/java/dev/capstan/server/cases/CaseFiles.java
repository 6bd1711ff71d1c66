package dev.capstan.server.cases;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Finds and reads files of cases. */
final class CaseFiles {
  private static final long LONGEST = 64L << 20;

  /** So much of a file is looked at to know whether it is a case. */
  private static final int HEAD = 8 << 10;

  private CaseFiles() {}

  /**
   * The files meant: those named, and those in folders that are named which say that they are
   * cases. Throws a {@link dev.capstan.kernel.Refusal} of {@code not_found} for what is not there.
   */
  static List<Path> of(List<String> paths) {
    List<Path> files = new ArrayList<>();
    for (String named : paths) {
      Path path = path(named);
      if (Files.isDirectory(path)) {
        files.addAll(within(path));
      } else if (Files.exists(path)) {
        files.add(path);
      } else {
        throw Problem.of(ProblemCode.NOT_FOUND, "there is no file " + named).refusal();
      }
    }
    return files.stream().distinct().toList();
  }

  private static Path path(String named) {
    try {
      return Path.of(named);
    } catch (InvalidPathException broken) {
      throw Problem.of(ProblemCode.NOT_FOUND, "'" + named + "' is no path").refusal();
    }
  }

  private static List<Path> within(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> file.toString().matches(".*\\.(ya?ml|json)"))
          .filter(CaseFiles::saysItIs)
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException unreadable) {
      throw Problem.of(
              ProblemCode.NOT_FOUND, folder + " cannot be read: " + unreadable.getMessage())
          .refusal();
    }
  }

  private static boolean saysItIs(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      String head = new String(bytes.readNBytes(HEAD), StandardCharsets.ISO_8859_1);
      return head.contains("capstan-case/");
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** The text of a file. Throws a {@link dev.capstan.kernel.Refusal} of {@code not_found}. */
  static String text(Path file) {
    String why;
    try {
      if (Files.size(file) <= LONGEST) {
        return Files.readString(file);
      }
      why = "it is larger than " + (LONGEST >> 20) + " MiB";
    } catch (NoSuchFileException gone) {
      why = "it is not there";
    } catch (CharacterCodingException noText) {
      why = "it is no text in UTF-8";
    } catch (IOException unreadable) {
      why = String.valueOf(unreadable.getMessage());
    }
    throw Problem.of(ProblemCode.NOT_FOUND, file + " cannot be read: " + why).refusal();
  }

  /** The text of a file that a case names, from where the case is. */
  static String beside(Path file, String name) {
    Path folder = file.toAbsolutePath().getParent();
    return text(folder == null ? path(name) : folder.resolve(path(name)).normalize());
  }
}
