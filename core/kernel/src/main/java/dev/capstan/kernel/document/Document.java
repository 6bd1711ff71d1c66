package dev.capstan.kernel.document;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a text says, with the place of everything; no root when the text cannot be read. */
public record Document(@Nullable JsonNode root, Places places) {
  private static final int LONGEST_JSON = 32 * 1024 * 1024;

  /** Reading YAML takes the square of a plain text's length. */
  private static final int LONGEST_YAML = 2 * 1024 * 1024;

  /** Reads JSON or YAML; what is wrong goes to the findings. Never throws. */
  public static Document read(String text, Findings findings) {
    Places places = new Places();
    if (text.length() > LONGEST_JSON) {
      findings.add(At.ROOT, "the text is longer than " + LONGEST_JSON + " characters");
      return new Document(null, places);
    }
    if (text.isBlank()) {
      findings.add(At.ROOT, "the text is empty");
      return new Document(null, places);
    }
    if (text.stripLeading().startsWith("{")) {
      Optional<Document> json = JsonText.read(text, findings);
      if (json.isPresent()) {
        return json.get();
      }
    }
    if (text.length() > LONGEST_YAML) {
      findings.add(
          At.ROOT,
          "the text is longer than " + LONGEST_YAML + " characters",
          Optional.of("write it as JSON, of which more is read"));
      return new Document(null, places);
    }
    return YamlText.read(text, findings);
  }
}
