package dev.capstan.kernel;

import java.util.Locale;

/**
 * The one table of everything that can be refused or can fail: code → blame, HTTP status, exit code
 * of the command line, whether trying again can help, and a title for people. The wire name is the
 * constant in lower case.
 */
public enum ProblemCode {
  INVALID_REQUEST(Blame.CALLER, 400, 2, false, "The request is not valid"),
  INVALID_PLAN(Blame.CALLER, 422, 2, false, "The plan has mistakes"),
  NOT_UNDERSTOOD(Blame.CALLER, 422, 2, false, "The prompt was not understood"),
  INVALID_INPUT(Blame.CALLER, 422, 2, false, "The input does not fit"),
  FORBIDDEN(Blame.CALLER, 403, 4, false, "This is not allowed"),
  NOT_FOUND(Blame.CALLER, 404, 3, false, "There is no such thing"),
  METHOD_NOT_ALLOWED(Blame.CALLER, 405, 2, false, "This method is not offered here"),
  NOT_ACCEPTABLE(Blame.CALLER, 406, 2, false, "None of the accepted media types is offered"),
  CONFLICT(Blame.CALLER, 409, 5, false, "The run's state does not allow this"),
  KEY_REUSED(Blame.CALLER, 422, 5, false, "The idempotency key was used for another request"),
  TOO_LARGE(Blame.CALLER, 413, 2, false, "The request is too large"),
  UNSUPPORTED_MEDIA_TYPE(Blame.CALLER, 415, 2, false, "This media type is not understood"),
  TOO_MANY_REQUESTS(Blame.CAPACITY, 429, 6, true, "Too much at once"),
  EXPRESSION_FAILED(Blame.CALLER, 422, 2, false, "An expression could not be evaluated"),
  TOOL_FAILED(Blame.OUTSIDE, 502, 1, true, "A tool failed"),
  CIRCUIT_OPEN(Blame.OUTSIDE, 503, 6, true, "A tool is temporarily unavailable"),
  TIMED_OUT(Blame.OUTSIDE, 504, 1, true, "It took too long"),
  DEADLINE_PASSED(Blame.CALLER, 504, 1, false, "The run's deadline has passed"),
  HEARTBEAT_LOST(Blame.OUTSIDE, 504, 1, true, "A step stopped showing life"),
  OUTCOME_UNKNOWN(Blame.OUTSIDE, 409, 1, false, "Whether the step took effect is unknown"),
  REJECTED(Blame.CALLER, 409, 1, false, "A person said no"),
  CANCELLED(Blame.CALLER, 409, 1, false, "It was cancelled"),
  CHILD_FAILED(Blame.OUTSIDE, 502, 1, false, "A sub-run failed"),
  LIMIT_REACHED(Blame.CALLER, 422, 1, false, "A bound was reached"),
  UNAVAILABLE(Blame.CAPACITY, 503, 6, true, "Capstan cannot do this at the moment"),
  INTERNAL(Blame.CAPSTAN, 500, 70, false, "A defect in Capstan");

  private final Blame blame;
  private final int httpStatus;
  private final int exitCode;
  private final boolean retryable;
  private final String title;

  ProblemCode(Blame blame, int httpStatus, int exitCode, boolean retryable, String title) {
    this.blame = blame;
    this.httpStatus = httpStatus;
    this.exitCode = exitCode;
    this.retryable = retryable;
    this.title = title;
  }

  public Blame blame() {
    return blame;
  }

  public int httpStatus() {
    return httpStatus;
  }

  /** What the command line exits with; see {@code capstan --help}. */
  public int exitCode() {
    return exitCode;
  }

  /** Whether the same thing, tried later, may succeed. */
  public boolean retryable() {
    return retryable;
  }

  public String title() {
    return title;
  }

  /** The name on the wire, such as {@code invalid_plan}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The code of this wire name; {@link #INTERNAL} when a newer Capstan wrote one that this one does
   * not know.
   */
  public static ProblemCode ofWireName(String wireName) {
    for (ProblemCode code : values()) {
      if (code.wireName().equals(wireName)) {
        return code;
      }
    }
    return INTERNAL;
  }
}
