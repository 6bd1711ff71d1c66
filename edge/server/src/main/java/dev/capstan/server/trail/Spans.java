package dev.capstan.server.trail;

import dev.capstan.journal.Failure;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Dice;
import dev.capstan.kernel.RunId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Draws runs as traces, from what the journal says: {@code create_run} over {@code plan_generation}
 * and {@code execute_run}, and below that {@code execute_step} over {@code TOOL.execute}. Ids
 * follow from the run's id, so nothing is kept between events and several processes draw one trace.
 */
final class Spans {
  private static final int BATCH = 512;
  private static final long ROOT = 1;
  private static final long PLANNING = 2;
  private static final long EXECUTION = 3;

  /** From when to when, and what went wrong, if something did. */
  private record Stretch(Instant start, Instant end, @Nullable String error) {}

  /** Which span of the run's, below which; 0 for none. */
  private record Mark(String name, long own, long parent) {}

  private final OtlpSender sender;
  private final List<Span> waiting = new ArrayList<>();

  Spans(OtlpSender sender) {
    this.sender = sender;
  }

  void tell(Recorded recorded, OpenRun run) {
    Instant at = recorded.at();
    switch (recorded.event()) {
      case RunEvent.StepCompleted event ->
          step(run, event.step(), event.attempt(), new Stretch(event.startedAt(), at, null));
      case RunEvent.StepFailed event ->
          // The journal does not say when a failed attempt began.
          step(run, event.step(), event.attempt(), new Stretch(at, at, said(event.failure())));
      case RunEvent.RunCompleted _ -> run(run, "completed", at, null);
      case RunEvent.RunCancelled _ -> run(run, "cancelled", at, null);
      case RunEvent.RunFailed event -> run(run, "failed", at, said(event.failure()));
      default -> {
        // No stretch of work ends with it.
      }
    }
  }

  private static String said(Failure failure) {
    return failure.code() + ": " + failure.detail();
  }

  private void step(OpenRun run, StepRef step, int attempt, Stretch stretch) {
    int number = run.number(step);
    String tool = run.tool(number);
    Map<String, Object> attributes = attributes(run);
    attributes.put("step", step.toString());
    attributes.put("step_number", number);
    attributes.put("attempt", attempt);
    long mark = Dice.mix(step.toString().hashCode() * 31L + attempt);
    add(run, new Mark("execute_step", mark, EXECUTION), stretch, attributes);
    if (tool != null) {
      attributes.put("tool", tool);
      add(run, new Mark(tool + ".execute", ~mark, mark), stretch, attributes);
    }
  }

  private void run(OpenRun run, String status, Instant end, @Nullable String error) {
    Map<String, Object> attributes = attributes(run);
    attributes.put("plan", run.name());
    attributes.put("status", status);
    add(
        run,
        new Mark("execute_run", EXECUTION, ROOT),
        new Stretch(run.started(), end, error),
        attributes);
    add(
        run,
        new Mark("plan_generation", PLANNING, ROOT),
        new Stretch(run.created(), run.planned(), null),
        attributes);
    add(run, new Mark("create_run", ROOT, 0), new Stretch(run.created(), end, error), attributes);
  }

  private static Map<String, Object> attributes(OpenRun run) {
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("run_id", run.id().toString());
    String correlation = run.correlationId();
    if (correlation != null) {
      attributes.put("correlation_id", correlation);
    }
    return attributes;
  }

  private void add(OpenRun run, Mark mark, Stretch stretch, Map<String, Object> attributes) {
    RunId id = run.id();
    waiting.add(
        new Span(
            Dice.mix(id.value()),
            id.value(),
            spanId(id, mark.own()),
            mark.parent() == 0 ? 0 : spanId(id, mark.parent()),
            mark.name(),
            stretch.start(),
            stretch.end(),
            Map.copyOf(attributes),
            stretch.error()));
  }

  private static long spanId(RunId run, long mark) {
    long id = Dice.mix(run.value() * 0x9e37_79b9_7f4a_7c15L + mark);
    return id == 0 ? 1 : id;
  }

  /** Sends what waits: all of it, or only full batches. */
  void flush(boolean all) {
    while (waiting.size() >= BATCH || (all && !waiting.isEmpty())) {
      List<Span> batch = waiting.subList(0, Math.min(BATCH, waiting.size()));
      sender.send(batch);
      batch.clear();
    }
  }
}
