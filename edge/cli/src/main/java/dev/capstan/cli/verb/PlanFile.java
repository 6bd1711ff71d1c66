package dev.capstan.cli.verb;

import dev.capstan.kernel.document.Document;
import dev.capstan.kernel.document.Findings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** A plan or a crew as somebody wrote it: a file, or the standard input. */
final class PlanFile {
  private static final long LARGEST = 8L << 20;

  private PlanFile() {}

  static boolean looksLikeOne(String target) {
    return target.matches("\\S+\\.(ya?ml|json)");
  }

  /**
   * Whether the text is meant for a crew or an agent rather than for a plan. The server alone knows
   * what a crew becomes.
   */
  static boolean isCrew(String text) {
    JsonNode root = Document.read(text, new Findings()).root();
    return root != null
        && root.isObject()
        && !root.has("steps")
        && (root.has("agents") || root.has("tasks") || root.has("role"));
  }

  static String read(String target, java.io.InputStream in) {
    try {
      if (target.equals("-")) {
        byte[] bytes = in.readNBytes((int) LARGEST + 1);
        if (bytes.length > LARGEST) {
          throw Desk.wrong("what is on the standard input is larger than 8 MiB");
        }
        return new String(bytes, StandardCharsets.UTF_8);
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
