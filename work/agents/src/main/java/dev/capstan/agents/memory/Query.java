package dev.capstan.agents.memory;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;

/**
 * What to think of.
 *
 * @param text 1 to 8,000 characters
 * @param limit 1 to 100
 */
public record Query(String text, int limit) {
  private static final int MOST = 100;
  private static final int LEAST_CANDIDATES = 100;

  /** Throws a {@link dev.capstan.kernel.Refusal} of {@code invalid_input}. */
  public Query {
    text = Writing.wellFormed(text);
    if (text.isEmpty() || text.length() > Writing.LONGEST_TEXT) {
      throw Problem.of(
              ProblemCode.INVALID_INPUT,
              "memories are searched with 1 to " + Writing.LONGEST_TEXT + " characters")
          .refusal();
    }
    if (limit < 1 || limit > MOST) {
      throw Problem.of(ProblemCode.INVALID_INPUT, "1 to " + MOST + " memories are recalled at once")
          .refusal();
    }
  }

  /** How many are looked at by words and by meaning each, before importance and age count. */
  public int candidates() {
    return Math.max(LEAST_CANDIDATES, 4 * limit);
  }
}
