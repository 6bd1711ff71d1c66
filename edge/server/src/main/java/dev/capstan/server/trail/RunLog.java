package dev.capstan.server.trail;

import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.StepRef;
import java.time.Duration;
import java.time.Instant;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Log lines about runs and steps: ends of runs at INFO, failures at WARN, completed steps at DEBUG.
 * Above DEBUG no more than a {@link Ration} is told one by one.
 */
final class RunLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.capstan.runs");

  private final Ration ration;

  RunLog(LongSupplier nanos) {
    this.ration = new Ration(nanos);
  }

  static boolean isOn() {
    return LOG.isErrorEnabled();
  }

  void tell(Recorded recorded, OpenRun run) {
    switch (recorded.event()) {
      case RunEvent.StepCompleted event -> {
        if (LOG.isDebugEnabled()) {
          step(LOG.atDebug(), run, event.step(), since(event.startedAt(), recorded))
              .log("step completed");
        }
      }
      case RunEvent.StepFailed event -> {
        String words = event.retryAt() == null ? "step failed" : "step attempt failed";
        if (isTold(Level.WARN, words)) {
          step(LOG.atWarn(), run, event.step(), null)
              .addKeyValue("attempt", event.attempt())
              .addKeyValue("code", event.failure().code())
              .log(words);
        }
      }
      case RunEvent.RunCompleted event ->
          end(
              Level.INFO,
              event.failed().isEmpty() ? "run completed" : "run completed partially",
              run,
              recorded);
      case RunEvent.RunFailed event -> {
        if (isTold(Level.WARN, "run failed")) {
          end(LOG.atWarn(), run, recorded)
              .addKeyValue("code", event.failure().code())
              .log("run failed");
        }
      }
      case RunEvent.RunCancelled _ -> end(Level.INFO, "run cancelled", run, recorded);
      default -> {
        // The journal itself tells the rest, at /runs/{id}/events.
      }
    }
  }

  private void end(Level level, String words, OpenRun run, Recorded recorded) {
    if (isTold(level, words)) {
      end(LOG.atLevel(level), run, recorded).log(words);
    }
  }

  private boolean isTold(Level level, String words) {
    return LOG.isEnabledForLevel(level) && (LOG.isDebugEnabled() || ration.allows(words));
  }

  /** Tells how often what was not told one by one happened, when it is time. */
  void flush(boolean now) {
    ration
        .left(now)
        .forEach((words, count) ->
            LOG.atInfo().addKeyValue("count", count).log("{}, told together", words));
  }

  private static LoggingEventBuilder step(
      LoggingEventBuilder line, OpenRun run, StepRef step, @Nullable Long millis) {
    int number = run.number(step);
    LoggingEventBuilder told =
        of(line, run).addKeyValue("step_number", number).addKeyValue("step", step);
    String tool = run.tool(number);
    if (tool != null) {
      told = told.addKeyValue("tool", tool);
    }
    return millis == null ? told : told.addKeyValue("duration_ms", millis);
  }

  private static LoggingEventBuilder end(LoggingEventBuilder line, OpenRun run, Recorded end) {
    return of(line, run)
        .addKeyValue("plan", run.name())
        .addKeyValue("duration_ms", since(run.created(), end));
  }

  private static LoggingEventBuilder of(LoggingEventBuilder line, OpenRun run) {
    LoggingEventBuilder told = line.addKeyValue("run_id", run.id());
    String correlation = run.correlationId();
    return correlation == null ? told : told.addKeyValue("correlation_id", correlation);
  }

  private static long since(Instant start, Recorded end) {
    return Duration.between(start, end.at()).toMillis();
  }
}
