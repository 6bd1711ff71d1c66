package dev.capstan.postgres;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the database by way of the pool. After the server was restarted any connection of the pool
 * may be lost, which says nothing about the server: then another one is asked.
 */
final class Asking {
  private static final Logger LOG = LoggerFactory.getLogger(Asking.class);

  /** As long as somebody at the door is made to wait for a server that is frozen. */
  private static final int SHORT_MILLIS = 5_000;

  private static final int LONG_MILLIS = 120_000;
  private static final long FIRST_PAUSE_MILLIS = 50;
  private static final long LONGEST_PAUSE_MILLIS = 1_000;

  private final DataSource pool;
  private final int connections;
  private final CountDownLatch closing = new CountDownLatch(1);

  /**
   * @param connections how many connections of the pool may be lost at once
   */
  Asking(DataSource pool, int connections) {
    this.pool = pool;
    this.connections = connections;
  }

  /** What is asked; may be asked twice, also when the first time was answered unheard. */
  interface Question<T> {
    T ask(Connection connection) throws SQLException;
  }

  /**
   * Asks for somebody who waits. Throws a {@link Refusal} of {@code unavailable} after seconds, if
   * need be.
   */
  <T> T soon(Question<T> question) {
    try {
      return ask(question, SHORT_MILLIS);
    } catch (SQLException failed) {
      throw Faults.refusal(failed);
    }
  }

  /** Asks what may take minutes. Throws a {@link Refusal} of {@code unavailable}. */
  <T> T atLength(Question<T> question) {
    try {
      return ask(question, LONG_MILLIS);
    } catch (SQLException failed) {
      throw Faults.refusal(failed);
    }
  }

  /**
   * Asks until it is answered, however long the server is away or its disk is full. Throws a {@link
   * Refusal} of {@code unavailable} for what waiting does not mend and when the database is closed,
   * and of {@code cancelled} when the thread is interrupted.
   */
  <T> T untilAnswered(Question<T> question) {
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      try {
        return ask(question, LONG_MILLIS);
      } catch (SQLException failed) {
        if (!Faults.isPassing(failed)) {
          throw Faults.refusal(failed);
        }
        LOG.warn("a step waits for the database: {}", Faults.reason(failed));
      }
      if (isClosedWithin(pause)) {
        throw Problem.of(ProblemCode.UNAVAILABLE, "this process is stopping").refusal();
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  private boolean isClosedWithin(long millis) {
    try {
      return closing.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw Problem.of(ProblemCode.CANCELLED, "interrupted while the database was away").refusal();
    }
  }

  private <T> T ask(Question<T> question, int millis) throws SQLException {
    for (int lost = 0; ; lost++) {
      try (Connection connection = pool.getConnection()) {
        connection.setNetworkTimeout(Runnable::run, millis);
        try {
          return question.ask(connection);
        } catch (SQLException failed) {
          // A server that lets us wait will do so again: only what broke at once is asked again.
          if (lost >= connections || !Faults.isLostConnection(failed) || Faults.isTimeOut(failed)) {
            throw failed;
          }
        }
      }
    }
  }

  /** Lets go whoever asks until it is answered. */
  void close() {
    closing.countDown();
  }
}
