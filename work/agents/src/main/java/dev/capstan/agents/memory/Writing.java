package dev.capstan.agents.memory;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Something to be remembered.
 *
 * @param key whoever repeats a write repeats its key
 * @param text 1 to 8,000 characters
 * @param importance 0 for what may well be forgotten, 1 for what must not
 * @param metadata up to 16 names of up to 64 characters, with texts of up to 500
 */
public record Writing(String key, String text, double importance, Map<String, String> metadata) {
  public static final int LONGEST_TEXT = 8_000;
  public static final double USUAL = 0.5;
  private static final int MOST_ENTRIES = 16;
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_VALUE = 500;

  /** Throws a {@link Refusal} of {@code invalid_input}. */
  public Writing {
    text = wellFormed(text);
    if (text.isEmpty() || text.length() > LONGEST_TEXT) {
      throw invalid("a memory is 1 to " + LONGEST_TEXT + " characters, not " + text.length());
    }
    if (!(importance >= 0 && importance <= 1)) {
      throw invalid("the importance of a memory is a number from 0 to 1, not " + importance);
    }
    if (metadata.size() > MOST_ENTRIES) {
      throw invalid("a memory has at most " + MOST_ENTRIES + " entries of metadata");
    }
    metadata.forEach((name, value) -> {
      if (name.isBlank() || name.length() > LONGEST_NAME || value.length() > LONGEST_VALUE) {
        throw invalid(
            "an entry of a memory's metadata has a name of 1 to "
                + LONGEST_NAME
                + " characters and a text of at most "
                + LONGEST_VALUE);
      }
    });
    metadata = Map.copyOf(metadata);
  }

  /** Of usual importance, with nothing else to say about it. */
  public static Writing of(String key, String text) {
    return new Writing(key, text, USUAL, Map.of());
  }

  /** Without halves of characters, which no store could keep, and blanks at its ends. */
  static String wellFormed(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).strip();
  }

  private static Refusal invalid(String detail) {
    return Problem.of(ProblemCode.INVALID_INPUT, detail).refusal();
  }
}
