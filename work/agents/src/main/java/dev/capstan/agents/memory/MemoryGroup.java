package dev.capstan.agents.memory;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.TenantId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Agents of one tenant that share what they remember.
 *
 * @param name 1 to 100 characters without control characters
 */
public record MemoryGroup(TenantId tenant, String name) {
  private static final int LONGEST = 100;

  /** Throws a {@link dev.capstan.kernel.Refusal} of {@code invalid_input}. */
  public MemoryGroup {
    if (name.isBlank()
        || name.length() > LONGEST
        || name.codePoints().anyMatch(c -> Character.isISOControl(c) || isHalfOfAPair(c))) {
      throw Problem.of(
              ProblemCode.INVALID_INPUT,
              "the name of a memory's group is 1 to "
                  + LONGEST
                  + " characters, and none of them a control character")
          .refusal();
    }
  }

  private static boolean isHalfOfAPair(int codePoint) {
    return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
  }

  /** Names this group among all of all tenants; neither part can have a line break in it. */
  public String place() {
    return tenant.value() + "\n" + name;
  }

  /** The id of what is written under this key: the same key, the same id, in this group only. */
  public String idOf(String key) {
    return digest(place() + "\n" + key).substring(0, 24);
  }

  /** Hexadecimal. */
  public static String digest(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
