package dev.capstan.journal;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;

/**
 * Points at a step of a run, or at one item of a {@code foreach} step; reads {@code deploy} or
 * {@code deploy[3]}.
 *
 * @param item the item's place from 0, or {@link #WHOLE}
 */
public record StepRef(String step, int item) {
  public static final int WHOLE = -1;

  public static StepRef of(String step) {
    return new StepRef(step, WHOLE);
  }

  /** Reads either form. Throws a {@link dev.capstan.kernel.Refusal} of {@code invalid_request}. */
  @JsonCreator
  public static StepRef parse(String text) {
    int bracket = text.indexOf('[');
    if (bracket < 0) {
      return of(text);
    }
    try {
      if (!text.endsWith("]")) {
        throw new NumberFormatException();
      }
      int item = Integer.parseInt(text, bracket + 1, text.length() - 1, 10);
      if (item < 0) {
        throw new NumberFormatException();
      }
      return new StepRef(text.substring(0, bracket), item);
    } catch (NumberFormatException broken) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST,
              "'" + text + "' points at no step; write deploy or deploy[3]")
          .refusal();
    }
  }

  public boolean isItem() {
    return item != WHOLE;
  }

  @JsonValue
  @Override
  public String toString() {
    return isItem() ? step + "[" + item + "]" : step;
  }
}
