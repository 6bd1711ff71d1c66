package dev.capstan.cli.verb;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A plan as somebody wrote it: a file, or the standard input. */
final class PlanFile {
  private static final long LARGEST = 8L << 20;

  private PlanFile() {}

  static boolean looksLikeOne(String target) {
    return target.matches("\\S+\\.(ya?ml|json)");
  }

  static String read(String target, java.io.InputStream in) {
    try {
      if (target.equals("-")) {
        return new String(in.readNBytes((int) LARGEST), StandardCharsets.UTF_8);
      }
      Path file = Path.of(target);
      if (!Files.isRegularFile(file)) {
        throw Desk.wrong("there is no file " + target);
      }
      if (Files.size(file) > LARGEST) {
        throw Desk.wrong(target + " is larger than 8 MiB");
      }
      return Files.readString(file);
    } catch (java.nio.charset.CharacterCodingException broken) {
      throw Desk.wrong(target + " is no UTF-8 text");
    } catch (IOException | java.nio.file.InvalidPathException broken) {
      throw Desk.wrong("cannot read " + target + ": " + broken.getMessage());
    }
  }
}
