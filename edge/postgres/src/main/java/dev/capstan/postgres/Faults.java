package dev.capstan.postgres;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.Set;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an error of the database means for the work that met it. */
final class Faults {
  private static final Logger LOG = LoggerFactory.getLogger(Faults.class);
  private static final String UNIQUE_VIOLATION = "23505";
  private static final Set<String> PASSING = Set.of("08", "40", "53", "55", "57", "58");

  private Faults() {}

  static boolean isConflict(SQLException failed) {
    return UNIQUE_VIOLATION.equals(failed.getSQLState());
  }

  /**
   * Whether the data is to blame, so that trying again would fail again: a value that the server
   * refuses (22, 23) or a bound of it (54).
   */
  static boolean isPoison(SQLException failed) {
    String state = state(failed);
    return !isConflict(failed)
        && (state.startsWith("22") || state.startsWith("23") || state.startsWith("54"));
  }

  /**
   * Whether the statement may have been committed all the same. The server said no, and was not
   * going down while it said so: then it was not.
   */
  static boolean isAmbiguous(SQLException failed) {
    boolean answered = failed instanceof PSQLException told && told.getServerErrorMessage() != null;
    return !answered || state(failed).startsWith("57P") || state(failed).startsWith("08");
  }

  /** Whether the connection is gone, and with it nothing but itself. */
  static boolean isLostConnection(SQLException failed) {
    return state(failed).startsWith("08") || state(failed).startsWith("57P");
  }

  /** Whether the server was too slow to answer, rather than gone. */
  static boolean isTimeOut(SQLException failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof SocketTimeoutException) {
        return true;
      }
    }
    return false;
  }

  /**
   * Whether the same statement may succeed when it is tried later: the server is away (08, 57), out
   * of something such as room on its disk (53, 58), serves only readers for a while (25006), or let
   * another go first (40, 55).
   */
  static boolean isPassing(SQLException failed) {
    String state = state(failed);
    return PASSING.contains(state.substring(0, Math.min(2, state.length())))
        || state.equals("25006");
  }

  private static String state(SQLException failed) {
    return failed.getSQLState() == null ? "08000" : failed.getSQLState();
  }

  /** For people: why nothing can be written. Rows and parameters are left out. */
  static String reason(SQLException failed) {
    String state = state(failed);
    if (state.equals("53100")) {
      return "the disk is full";
    }
    if (state.startsWith("08") || state.startsWith("57P")) {
      return "the database does not answer";
    }
    if (state.equals("57014") || state.equals("55P03")) {
      return "the database is too slow: something holds the journal's lock";
    }
    boolean told = failed instanceof PSQLException said && said.getServerErrorMessage() != null;
    String words = told ? ((PSQLException) failed).getServerErrorMessage().getMessage() : "";
    return "the database refuses (" + state + "): " + words;
  }

  /** A read that the database could not answer. */
  static Refusal refusal(SQLException failed) {
    LOG.warn("the database failed: {}", reason(failed), failed);
    return Problem.of(ProblemCode.UNAVAILABLE, reason(failed)).refusal();
  }
}
