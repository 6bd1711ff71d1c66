package dev.capstan.server.runs;

import dev.capstan.journal.Failure;
import dev.capstan.journal.RunStatus;
import dev.capstan.kernel.RunId;
import dev.capstan.views.RunSummary;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A run in a line of a list, with the names of a run's body. */
record RunLine(
    RunId id,
    RunStatus status,
    String name,
    @Nullable String prompt,
    @Nullable Failure failure,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Long durationMs,
    int seq,
    String tenant,
    int priority,
    @Nullable RunId parent,
    @Nullable RunId forkedFrom,
    Steps stepCounts) {
  record Steps(int total, int done, int failed) {}

  static RunLine of(RunSummary run) {
    Instant start = run.startedAt() == null ? run.createdAt() : run.startedAt();
    return new RunLine(
        run.run(),
        run.status(),
        run.name(),
        run.prompt(),
        run.failure(),
        run.createdAt(),
        run.startedAt(),
        run.endedAt(),
        run.endedAt() == null ? null : (Long) Duration.between(start, run.endedAt()).toMillis(),
        run.seq(),
        run.tenant().value(),
        run.priority(),
        run.parent(),
        run.forkedFrom(),
        new Steps(run.stepsTotal(), run.stepsDone(), run.stepsFailed()));
  }
}
