package dev.capstan.postgres;

import dev.capstan.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after the database when somebody wants to know, so that an idle server is silent and still
 * nobody is told that all is well while the database is away. At most one question is under way, on
 * a connection of its own, and one answer holds for a second.
 */
public final class Checkup implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Checkup.class);
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofMillis(1_500);
  private static final int LONGEST_WORDS = 300;

  /** Two segments of the server's log: with less, any moment may be the last. */
  private static final long LEAST_ROOM = 32L << 20;

  private final Database database;
  private final InstantSource clock;
  private final Line line;

  // Guarded by this.
  private CompletableFuture<String> answer = CompletableFuture.completedFuture("");
  private Instant askedAt = Instant.EPOCH;
  private @Nullable Instant awaySince;

  public Checkup(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
    this.line = new Line(database, "checkup");
  }

  /** All that ails it, the gravest first; empty when it is well. Takes two seconds at most. */
  public List<Ailment> look() {
    List<Ailment> found = new ArrayList<>();
    presence().ifPresent(found::add);
    room().ifPresent(found::add);
    return found;
  }

  private Optional<Ailment> presence() {
    CompletableFuture<String> under;
    Instant asked;
    synchronized (this) {
      Instant now = clock.instant();
      if (answer.isDone() && askedAt.plus(FRESH).isBefore(now)) {
        askedAt = now;
        answer = ask();
      }
      under = answer;
      asked = askedAt;
    }
    long left = PATIENCE.minus(Duration.between(asked, clock.instant())).toMillis();
    try {
      String reason = under.get(Math.clamp(left, 0, PATIENCE.toMillis()), TimeUnit.MILLISECONDS);
      return told(reason, asked);
    } catch (TimeoutException silent) {
      return Optional.of(
          new Ailment(
              "database_slow",
              false,
              name() + " has not answered a question since " + asked,
              "look at what its machine and its disk are busy with; work goes on when it answers",
              asked));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException defect) {
      throw new IllegalStateException("the question to the database broke", defect.getCause());
    }
  }

  private synchronized Optional<Ailment> told(String reason, Instant asked) {
    if (reason.isEmpty()) {
      awaySince = null;
      return Optional.empty();
    }
    Instant since = awaySince == null ? asked : awaySince;
    awaySince = since;
    return Optional.of(new Ailment("database_away", true, name() + words(reason), remedy(), since));
  }

  /** The reason why it does not answer; empty when it does. */
  private CompletableFuture<String> ask() {
    CompletableFuture<String> told = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("checkup")
        .start(() -> {
          try {
            boolean _ = line.ask(Checkup::greet);
            told.complete("");
          } catch (SQLException failed) {
            told.complete(Faults.reason(failed));
          } catch (RuntimeException defect) {
            told.completeExceptionally(defect);
          }
        });
    return told;
  }

  private static boolean greet(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.execute("select 1");
    }
  }

  private String name() {
    EmbeddedPostgres server = database.server();
    return server == null
        ? "PostgreSQL at " + database
        : "the embedded PostgreSQL in " + server.folder();
  }

  private String words(String reason) {
    EmbeddedPostgres server = database.server();
    String trouble = server == null ? "" : server.trouble();
    String last = trouble.substring(0, Math.min(trouble.length(), LONGEST_WORDS));
    return " is away: " + reason + (last.isEmpty() ? "" : "; " + last);
  }

  private String remedy() {
    EmbeddedPostgres server = database.server();
    return server == null
        ? "start it or mend the way to it; work goes on by itself as soon as it answers"
        : "it is started again by itself; if that goes on, "
            + server.folder().resolve("postgres.log")
            + " says why";
  }

  private Optional<Ailment> room() {
    EmbeddedPostgres server = database.server();
    long left = server == null ? Long.MAX_VALUE : usable(server.folder());
    if (server == null || left >= LEAST_ROOM) {
      return Optional.empty();
    }
    return Optional.of(
        new Ailment(
            "disk_full",
            false,
            "the disk that holds " + server.folder() + " has " + (left >> 20) + " MiB left",
            "make room on it; work goes on by itself",
            null));
  }

  private static long usable(Path folder) {
    try {
      return Files.getFileStore(folder).getUsableSpace();
    } catch (IOException unknown) {
      LOG.warn("cannot tell how much room is left in {}", folder, unknown);
      return Long.MAX_VALUE;
    }
  }

  @Override
  public void close() {
    Thread.ofVirtual().start(line::close);
  }
}
