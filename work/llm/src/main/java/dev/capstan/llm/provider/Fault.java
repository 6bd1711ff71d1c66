package dev.capstan.llm.provider;

import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a provider did not answer, in one vocabulary for all vendors.
 *
 * @param status the HTTP status, or 0 when there was none
 * @param vendorCode the vendor's own word for it, or empty
 * @param detail for people; never holds a key, nor the conversation
 * @param retryAfter when the vendor says it may be asked again; null when it does not say
 * @param partial what had arrived, with its usage counted, when the stream broke after its first
 *     token; null when nothing had
 */
public record Fault(
    FaultKind kind,
    int status,
    String vendorCode,
    String detail,
    @Nullable Duration retryAfter,
    @Nullable Answer partial) {

  public static Fault of(FaultKind kind, String detail) {
    return new Fault(kind, 0, "", detail, null, null);
  }

  /** The same with another count of what the part of an answer used. */
  public Fault withUsage(Usage counted) {
    return partial == null
        ? this
        : new Fault(kind, status, vendorCode, detail, retryAfter, partial.withUsage(counted));
  }

  /** Whether a caller may have seen a part of the answer: then nobody else may go on with it. */
  public boolean afterFirstToken() {
    return partial != null;
  }
}
