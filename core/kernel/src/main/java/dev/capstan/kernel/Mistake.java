package dev.capstan.kernel;

import org.jspecify.annotations.Nullable;

/**
 * One thing wrong in something a person wrote, and where.
 *
 * @param path where in the document, as {@code steps[2].input.expression}; empty for the whole
 * @param line 1-based line in the text, 0 when unknown
 * @param column 1-based column, 0 when unknown
 * @param message what is wrong
 * @param suggestion what would mend it, if that can be said
 */
public record Mistake(
    String path, int line, int column, String message, @Nullable String suggestion) {
  /** A mistake whose place in the text is not known. */
  public static Mistake at(String path, String message) {
    return new Mistake(path, 0, 0, message, null);
  }

  /**
   * As a compiler would say it: {@code 12:5 steps[2].tool: unknown tool 'calcluator' (did you mean
   * 'calculator'?)}.
   */
  @Override
  public String toString() {
    String place = line > 0 ? line + ":" + column + " " : "";
    String where = path.isEmpty() ? "" : path + ": ";
    return place + where + message + (suggestion == null ? "" : " (" + suggestion + ")");
  }
}
