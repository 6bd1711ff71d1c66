package dev.capstan.llm.provider.wire;

import dev.capstan.llm.provider.FaultKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Why an attempt ends without an answer, on its way to the one place that tells of it. */
public final class WireFault extends Exception {
  private static final long serialVersionUID = 1L;

  private final FaultKind kind;
  private final int status;
  private final String vendorCode;
  private final transient @Nullable Duration retryAfter;

  private WireFault(
      FaultKind kind, int status, String vendorCode, String detail, @Nullable Duration retryAfter) {
    super(detail, null, false, false);
    this.kind = kind;
    this.status = status;
    this.vendorCode = vendorCode;
    this.retryAfter = retryAfter;
  }

  public static WireFault of(FaultKind kind, String detail) {
    return new WireFault(kind, 0, "", detail, null);
  }

  /** What came is not what the protocol says. */
  public static WireFault malformed(String detail) {
    return of(FaultKind.MALFORMED, detail);
  }

  /**
   * The vendor says no.
   *
   * @param status 0 when it said so in the middle of a stream
   * @param vendorCode its own word
   */
  public static WireFault refused(FaultKind kind, int status, String vendorCode, String detail) {
    return new WireFault(kind, status, vendorCode, detail, null);
  }

  public WireFault after(@Nullable Duration howLong) {
    return howLong == null ? this : new WireFault(kind, status, vendorCode, detail(), howLong);
  }

  public FaultKind kind() {
    return kind;
  }

  int status() {
    return status;
  }

  String vendorCode() {
    return vendorCode;
  }

  String detail() {
    String message = getMessage();
    return message == null ? "" : message;
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
