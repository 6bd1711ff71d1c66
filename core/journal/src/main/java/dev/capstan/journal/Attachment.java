package dev.capstan.journal;

import dev.capstan.kernel.Json;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanCodec;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/**
 * A text that is kept once however many runs refer to it.
 *
 * @param hash the first 128 bits of the text's SHA-256, in URL-safe base 64 (22 letters)
 */
public record Attachment(String hash, String text) {
  /** A plan as the journal keeps it. */
  public static Attachment of(Plan plan) {
    return of(Json.write(PlanCodec.encode(plan)));
  }

  public static Attachment of(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return new Attachment(
          Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, 16)), text);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
