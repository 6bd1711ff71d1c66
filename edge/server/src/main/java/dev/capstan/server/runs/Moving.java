package dev.capstan.server.runs;

import dev.capstan.engine.Replay;
import dev.capstan.journal.Append;
import dev.capstan.journal.Appended;
import dev.capstan.journal.Attachment;
import dev.capstan.journal.EventCodec;
import dev.capstan.journal.Journal;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.RunIds;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanCodec;
import dev.capstan.plan.ToolCatalog;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import dev.capstan.server.http.Fields;
import dev.capstan.views.EventView;
import dev.capstan.views.RunView;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Takes a run to another Capstan: all of its events and its plan as one document, and back. */
public final class Moving {
  private static final String FORMAT = "capstan-run/1";

  private record Document(String format, RunId run, List<EventView> events, JsonNode plan) {}

  private final Journal journal;
  private final RunReader runs;
  private final RunIds ids;
  private final ToolCatalog tools;
  private final long worker;

  /**
   * @param worker who owns what is imported
   */
  public Moving(Journal journal, RunReader runs, RunIds ids, ToolCatalog tools, long worker) {
    this.journal = journal;
    this.runs = runs;
    this.ids = ids;
    this.tools = tools;
    this.worker = worker;
  }

  public Answer export(Exchange exchange) {
    RunId run = exchange.run();
    List<Recorded> events = runs.events(exchange.tenant(), run);
    RunState state = runs.fold(run, events);
    JsonNode plan = Json.parse(journal.attachment(state.generated().plan()));
    return Answer.ok(new Document(FORMAT, run, events.stream().map(EventView::of).toList(), plan));
  }

  /** Takes over a run that has ended, with its own times, once its journal has proved to be one. */
  public Answer take(Exchange exchange) throws IOException, InterruptedException {
    Fields fields = exchange.fields();
    String format = fields.requiredText("format", 100);
    String named = fields.requiredText("run", 100);
    JsonNode list = fields.value("events");
    JsonNode source = fields.value("plan");
    if (!format.isEmpty() && !format.equals(FORMAT)) {
      fields.mistake("format", "must be " + FORMAT);
    }
    if (list == null || !list.isArray() || list.isEmpty()) {
      fields.mistake("events", "must be a list of events");
    }
    if (source == null || !source.isObject()) {
      fields.mistake("plan", "must be the run's plan");
    }
    fields.end();
    if (list == null || source == null) {
      throw new IllegalStateException("what is missing is a mistake");
    }
    RunId free = free(RunId.parse(named));
    Plan plan = PlanCodec.decode(source);
    Attachment attachment = Attachment.of(plan);
    List<Recorded> events = events(exchange, free, list, attachment);
    RunState state = checked(free, events, plan);
    write(events, attachment);
    return Answer.json(201, RunView.of(state)).with("Location", "/runs/" + free);
  }

  private RunId free(RunId wanted) {
    return journal.read(wanted, 0, 1).isEmpty() ? wanted : ids.next();
  }

  private List<Recorded> events(
      Exchange exchange, RunId run, JsonNode list, Attachment attachment) {
    List<Recorded> events = new ArrayList<>(list.size());
    for (JsonNode entry : list) {
      int seq = events.size() + 1;
      String at = entry.path("at").asString("");
      if (entry.path("seq").asInt(0) != seq || !entry.path("data").isObject()) {
        throw invalid("events[" + (seq - 1) + "] must be event " + seq + " with its data", null);
      }
      RunEvent event =
          EventCodec.decode(entry.path("type").asString(""), Json.write(entry.path("data")));
      events.add(new Recorded(run, seq, instant(at), ours(exchange, event, attachment)));
    }
    return events;
  }

  private static Instant instant(String at) {
    try {
      return Instant.parse(at);
    } catch (DateTimeParseException broken) {
      throw invalid("'" + at + "' is no instant", broken);
    }
  }

  /** The event, with its tenant, owner and plan as they are here. */
  private RunEvent ours(Exchange exchange, RunEvent event, Attachment attachment) {
    return switch (event) {
      case RunEvent.RunCreated e ->
          new RunEvent.RunCreated(
              exchange.tenant(),
              worker,
              e.prompt(),
              e.inputs(),
              e.priority(),
              e.correlationId(),
              e.parent(),
              e.forkedFrom());
      case RunEvent.PlanGenerated e ->
          new RunEvent.PlanGenerated(attachment.hash(), e.planner(), e.name(), e.steps());
      case RunEvent.RunClaimed _ -> new RunEvent.RunClaimed(worker);
      default -> event;
    };
  }

  private RunState checked(RunId run, List<Recorded> events, Plan plan) {
    boolean begins =
        events.size() > 2
            && events.get(0).event() instanceof RunEvent.RunCreated
            && events.get(1).event() instanceof RunEvent.PlanGenerated;
    if (!begins) {
      throw invalid("a run begins with run_created and plan_generated", null);
    }
    if (!(events.getLast().event() instanceof RunEvent.Terminal)) {
      throw Problem.of(
              ProblemCode.CONFLICT,
              "only a run that has ended can be imported: going on here and there would do its work"
                  + " twice")
          .refusal();
    }
    try {
      Replay.Verdict verdict = Replay.of(events, _ -> plan, tools);
      if (!verdict.agrees()) {
        Replay.Difference first = verdict.differences().getFirst();
        throw invalid(
            "the events do not follow from each other at event "
                + first.seq()
                + ": recorded "
                + first.recorded()
                + ", expected "
                + first.decided(),
            null);
      }
      return RunState.fold(run, events, _ -> plan);
    } catch (IllegalStateException | IllegalArgumentException | NullPointerException broken) {
      throw invalid("the events are no journal of a run: " + broken.getMessage(), broken);
    }
  }

  /**
   * All of it or nothing: half an import would be a run that has not ended, and would go on here.
   * No larger than a body may be, it fits into one append.
   */
  private void write(List<Recorded> events, Attachment attachment) throws InterruptedException {
    Append whole =
        new Append(
            events.getFirst().run(),
            1,
            events.stream().map(Recorded::at).toList(),
            events.stream().map(Recorded::event).toList(),
            List.of(attachment));
    if (Patience.await(journal.append(whole)) == Appended.FENCED) {
      throw Problem.of(ProblemCode.CONFLICT, "the run is being imported already").refusal();
    }
  }

  private static Refusal invalid(String detail, @Nullable Exception cause) {
    Refusal refusal = Problem.of(ProblemCode.INVALID_REQUEST, detail).refusal();
    if (cause != null) {
      refusal.addSuppressed(cause);
    }
    return refusal;
  }
}
