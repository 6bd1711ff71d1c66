package dev.capstan.llm.provider.wire;

import dev.capstan.llm.provider.FaultKind;

/** What an HTTP status means when the vendor's body says no more. */
public final class StatusKinds {
  private StatusKinds() {}

  /**
   * @param status of HTTP, not 2xx; 0 is taken as the server's own fault
   */
  public static FaultKind of(int status) {
    return switch (status) {
      case 401, 403, 407 -> FaultKind.AUTHENTICATION;
      case 402 -> FaultKind.BILLING;
      // Here, too, another provider may do what this one does not offer.
      case 404, 405, 410, 501 -> FaultKind.NO_SUCH_MODEL;
      // Somebody gave up waiting; whether the model went on, and is billed, nobody knows.
      case 408, 504, 524 -> FaultKind.TIMED_OUT;
      case 409 -> FaultKind.SERVER_ERROR;
      case 413 -> FaultKind.TOO_LONG;
      case 425, 429 -> FaultKind.RATE_LIMITED;
      case 503, 529 -> FaultKind.OVERLOADED;
      case 451 -> FaultKind.CONTENT_REFUSED;
      default -> {
        if (status >= 400 && status < 500) {
          yield FaultKind.CALLERS_MISTAKE;
        }
        yield status >= 100 && status < 400 ? FaultKind.MALFORMED : FaultKind.SERVER_ERROR;
      }
    };
  }
}
