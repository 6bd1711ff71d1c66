package dev.capstan.plan.expression;

import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.util.List;

/** An expression that does not parse or is not allowed, and where in it. */
final class BadExpression extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int offset;

  BadExpression(String message, int offset) {
    super(message, null, false, false);
    this.offset = Math.max(0, offset);
  }

  int offset() {
    return offset;
  }

  /** As a refusal whose one mistake has the column in the expression, from 1. */
  Refusal refusal(String source) {
    String message = String.valueOf(getMessage());
    String detail = message + ", at character " + (offset + 1) + " of " + Shown.shortened(source);
    return Problem.of(
            ProblemCode.INVALID_PLAN,
            detail,
            List.of(new Mistake("", 1, offset + 1, message, null)))
        .refusal();
  }
}
