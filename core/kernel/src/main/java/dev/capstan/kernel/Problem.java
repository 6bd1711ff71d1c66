package dev.capstan.kernel;

import java.util.List;

/**
 * An expected end that is not the wanted one: what it is, in the words of this one occurrence, with
 * every mistake where there are several. It crosses edges as an RFC 9457 problem. It never holds a
 * secret.
 */
public record Problem(ProblemCode code, String detail, List<Mistake> mistakes) {
  private static final int LONGEST_DETAIL = 2_000;

  public Problem {
    mistakes = List.copyOf(mistakes);
    if (detail.length() > LONGEST_DETAIL) {
      detail = detail.substring(0, LONGEST_DETAIL) + "…";
    }
  }

  public static Problem of(ProblemCode code, String detail) {
    return new Problem(code, detail, List.of());
  }

  public static Problem of(ProblemCode code, String detail, List<Mistake> mistakes) {
    return new Problem(code, detail, mistakes);
  }

  /** Thrown where a value cannot be returned; see {@link Refusal}. */
  public Refusal refusal() {
    return new Refusal(this);
  }

  @Override
  public String toString() {
    return code.wireName() + ": " + detail;
  }
}
