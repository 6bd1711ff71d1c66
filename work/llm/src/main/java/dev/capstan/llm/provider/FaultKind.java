package dev.capstan.llm.provider;

import dev.capstan.kernel.ProblemCode;
import java.util.Locale;

/**
 * Everything that a provider may do instead of answering, and what follows from it: the one table
 * that failover, breakers and billing go by.
 */
public enum FaultKind {
  RATE_LIMITED(Then.RETRY_OR_FAIL_OVER, Bill.NOTHING, ProblemCode.TOO_MANY_REQUESTS),
  /** No money, no quota: asking again cannot help until a person pays. */
  BILLING(Then.TRIP_AND_FAIL_OVER, Bill.NOTHING, ProblemCode.UNAVAILABLE),
  /** The key is wrong or may not do this: the configuration is at fault, not the caller. */
  AUTHENTICATION(Then.TRIP_AND_FAIL_OVER, Bill.NOTHING, ProblemCode.UNAVAILABLE),
  OVERLOADED(Then.RETRY_OR_FAIL_OVER, Bill.NOTHING, ProblemCode.UNAVAILABLE),
  SERVER_ERROR(Then.RETRY_OR_FAIL_OVER, Bill.NOTHING, ProblemCode.TOOL_FAILED),
  /** It could not be reached at all: nothing was sent. */
  UNREACHABLE(Then.RETRY_OR_FAIL_OVER, Bill.NOTHING, ProblemCode.UNAVAILABLE),
  /** The connection broke after the request had gone out. */
  CONNECTION_BROKEN(Then.RETRY_OR_FAIL_OVER, Bill.UNKNOWN, ProblemCode.TOOL_FAILED),
  TIMED_OUT(Then.RETRY_OR_FAIL_OVER, Bill.UNKNOWN, ProblemCode.TIMED_OUT),
  /** What came back is not what the protocol says. */
  MALFORMED(Then.RETRY_OR_FAIL_OVER, Bill.UNKNOWN, ProblemCode.TOOL_FAILED),
  /** This provider does not have the model; another may. */
  NO_SUCH_MODEL(Then.FAIL_OVER, Bill.NOTHING, ProblemCode.NOT_FOUND),
  /** The conversation does not fit the model's context: a caller's matter. */
  TOO_LONG(Then.TELL_THE_CALLER, Bill.NOTHING, ProblemCode.TOO_LARGE),
  CALLERS_MISTAKE(Then.TELL_THE_CALLER, Bill.NOTHING, ProblemCode.INVALID_REQUEST),
  /** Refused for what it says. */
  CONTENT_REFUSED(Then.TELL_THE_CALLER, Bill.NOTHING, ProblemCode.REJECTED);

  /** What the gateway does next, as long as no token was passed on. */
  public enum Then {
    /** The same provider after a pause while attempts are left, then the next. */
    RETRY_OR_FAIL_OVER,
    /** The next provider at once. */
    FAIL_OVER,
    /** The next at once, and this one's breaker opens at once. */
    TRIP_AND_FAIL_OVER,
    /** Nobody else is asked. */
    TELL_THE_CALLER
  }

  /** What the vendor may have charged, when nothing of an answer arrived. */
  public enum Bill {
    NOTHING,
    /** The call may have been answered and billed: it is charged at its bound. */
    UNKNOWN
  }

  private final Then then;
  private final Bill bill;
  private final ProblemCode problem;

  FaultKind(Then then, Bill bill, ProblemCode problem) {
    this.then = then;
    this.bill = bill;
    this.problem = problem;
  }

  public Then then() {
    return then;
  }

  public Bill bill() {
    return bill;
  }

  /** What the caller is told when nobody else answers either. */
  public ProblemCode problem() {
    return problem;
  }

  /** For metrics, traces and logs: {@code rate_limited}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
