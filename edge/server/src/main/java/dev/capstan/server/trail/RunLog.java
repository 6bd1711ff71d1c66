package dev.capstan.server.trail;

import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.StepRef;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Log lines about runs and steps: ends of runs at INFO, completed steps at DEBUG. */
final class RunLog {
  private static final Logger LOG = LoggerFactory.getLogger("dev.capstan.runs");

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
      case RunEvent.StepFailed event ->
          step(LOG.atWarn(), run, event.step(), null)
              .addKeyValue("attempt", event.attempt())
              .addKeyValue("code", event.failure().code())
              .log(event.retryAt() == null ? "step failed" : "step attempt failed");
      case RunEvent.RunCompleted event -> {
        if (LOG.isInfoEnabled()) {
          end(LOG.atInfo(), run, recorded)
              .log(event.failed().isEmpty() ? "run completed" : "run completed partially");
        }
      }
      case RunEvent.RunFailed event ->
          end(LOG.atWarn(), run, recorded)
              .addKeyValue("code", event.failure().code())
              .log("run failed");
      case RunEvent.RunCancelled _ -> end(LOG.atInfo(), run, recorded).log("run cancelled");
      default -> {
        // The journal itself tells the rest, at /runs/{id}/events.
      }
    }
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
