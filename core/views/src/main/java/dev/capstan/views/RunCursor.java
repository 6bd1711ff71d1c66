package dev.capstan.views;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** A place in a list of runs, newest first. Callers hand it back unread. */
public record RunCursor(RunId before) {
  private static final String MARK = "runs<";

  /**
   * Reads a cursor; null begins at the newest. Throws a {@link Refusal} of {@code invalid_request}.
   */
  public static RunCursor parse(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return new RunCursor(new RunId(Long.MAX_VALUE));
    }
    try {
      String plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
      if (plain.startsWith(MARK)) {
        return new RunCursor(RunId.parse(plain.substring(MARK.length())));
      }
    } catch (IllegalArgumentException | Refusal broken) {
      throw unreadable();
    }
    throw unreadable();
  }

  private static Refusal unreadable() {
    return Problem.of(
            ProblemCode.INVALID_REQUEST, "the cursor is none that this list has given out")
        .refusal();
  }

  @Override
  public String toString() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString((MARK + before).getBytes(StandardCharsets.US_ASCII));
  }
}
