package dev.capstan.kernel;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;

/** Names a tenant: 1 to 63 of {@code a-z 0-9 _ -}, beginning with a letter or digit. */
public record TenantId(@JsonValue String value) {
  private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

  /** The one tenant of a process that has no sign-in: the person at this machine. */
  public static final TenantId LOCAL = new TenantId("local");

  public TenantId {
    if (!FORM.matcher(value).matches()) {
      throw new Refusal(
          Problem.of(
              ProblemCode.INVALID_REQUEST,
              "a tenant's name is 1 to 63 of a-z, 0-9, _ and -, beginning with a letter or digit"));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
