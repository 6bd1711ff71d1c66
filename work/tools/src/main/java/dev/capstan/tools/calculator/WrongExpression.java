package dev.capstan.tools.calculator;

import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with an expression, and the 1-based column where; ends at the tool's edge. */
final class WrongExpression extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST_SHOWN = 60;

  private final String what;
  private final int at;
  private final String text;

  WrongExpression(@Nullable String what, int at, String text) {
    super(what, null, false, false);
    this.what = what == null ? "no number" : what;
    this.at = at;
    this.text = text;
  }

  /** Reads {@code expected a number at 5: '2 + + '}. */
  Problem problem() {
    String end = at > text.length() && !text.isEmpty() ? ", the end" : "";
    String detail = what + " at " + at + end + (text.isEmpty() ? "" : ": '" + shown() + "'");
    return Problem.of(
        ProblemCode.INVALID_INPUT, detail, List.of(new Mistake("expression", 1, at, what, null)));
  }

  /** The text, or what is near the place in a long one. */
  private String shown() {
    if (text.length() <= LONGEST_SHOWN) {
      return text;
    }
    int from = Math.max(0, Math.min(at - LONGEST_SHOWN / 2, text.length() - LONGEST_SHOWN));
    String part = text.substring(from, from + LONGEST_SHOWN);
    return (from > 0 ? "…" : "") + part + (from + LONGEST_SHOWN < text.length() ? "…" : "");
  }
}
