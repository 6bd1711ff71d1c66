package dev.capstan.kernel;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

/**
 * Identifies a run. Inside it is a positive, time-ordered 63-bit number (what the journal is keyed
 * by); at the edge it reads {@code run_} and 13 Crockford base-32 letters, which sort as the
 * numbers do.
 */
public record RunId(long value) implements Comparable<RunId> {
  private static final String PREFIX = "run_";
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
  private static final int LETTERS = 13;

  public RunId {
    if (value <= 0) {
      throw new IllegalArgumentException("a run id is positive: " + value);
    }
  }

  /**
   * Reads {@code run_01h…} in either case. Throws a {@link Refusal} of {@code invalid_request} when
   * it is no run id.
   */
  @JsonCreator
  public static RunId parse(String text) {
    if (!text.regionMatches(true, 0, PREFIX, 0, PREFIX.length())
        || text.length() != PREFIX.length() + LETTERS) {
      throw notAnId(text);
    }
    long value = 0;
    for (int i = PREFIX.length(); i < text.length(); i++) {
      int digit = ALPHABET.indexOf(Character.toLowerCase(text.charAt(i)));
      if (digit < 0 || (i == PREFIX.length() && digit > 7)) {
        throw notAnId(text);
      }
      value = (value << 5) | digit;
    }
    if (value <= 0) {
      throw notAnId(text);
    }
    return new RunId(value);
  }

  private static Refusal notAnId(String text) {
    String shown = text.length() > 40 ? text.substring(0, 40) + "…" : text;
    return new Refusal(
        Problem.of(
            ProblemCode.INVALID_REQUEST,
            "'" + shown + "' is no run id; one looks like run_01k2m3n4p5q6r"));
  }

  @Override
  public int compareTo(RunId other) {
    return Long.compare(value, other.value);
  }

  @JsonValue
  @Override
  public String toString() {
    char[] letters = new char[LETTERS];
    long rest = value;
    for (int i = LETTERS - 1; i >= 0; i--) {
      letters[i] = ALPHABET.charAt((int) (rest & 31));
      rest >>>= 5;
    }
    return PREFIX + new String(letters);
  }
}
