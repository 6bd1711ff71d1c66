package dev.capstan.server.runs;

import dev.capstan.journal.Plans;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.views.LiveEvents;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** Reads runs of a tenant: from memory while they are fresh, from the journal otherwise. */
public final class RunReader {
  private static final String STEP = "step:";

  private final LiveEvents live;
  private final Plans plans;
  private final Function<RunId, Optional<String>> fate;

  /**
   * @param fate why a run that is not there may have gone
   */
  public RunReader(LiveEvents live, Plans plans, Function<RunId, Optional<String>> fate) {
    this.live = live;
    this.plans = plans;
    this.fate = fate;
  }

  /** Every event. Throws {@code not_found} when the tenant has no such run. */
  public List<Recorded> events(TenantId tenant, RunId run) {
    List<Recorded> events = live.read(run, 0, Integer.MAX_VALUE);
    require(tenant, run, events);
    return events;
  }

  /** Throws {@code not_found} when the tenant has no such run. */
  public void require(TenantId tenant, RunId run) {
    require(tenant, run, live.read(run, 0, 1));
  }

  private void require(TenantId tenant, RunId run, List<Recorded> events) {
    boolean theirs =
        !events.isEmpty()
            && events.getFirst().event() instanceof RunEvent.RunCreated created
            && created.tenant().equals(tenant);
    if (!theirs) {
      String gone = fate.apply(run).map(why -> ": " + why).orElse("");
      throw notFound("there is no run " + run + gone);
    }
  }

  public RunState state(TenantId tenant, RunId run) {
    return fold(run, events(tenant, run));
  }

  public RunState fold(RunId run, List<Recorded> events) {
    return RunState.fold(run, events, plans::plan);
  }

  /**
   * The run as it was.
   *
   * @param at an event's place, an ISO instant, or {@code step:ID} for the moment after the last
   *     event of that step
   */
  public RunState state(TenantId tenant, RunId run, String at) {
    List<Recorded> events = events(tenant, run);
    return fold(run, events.subList(0, place(events, at)));
  }

  private static int place(List<Recorded> events, String at) {
    if (at.startsWith(STEP)) {
      StepRef step = StepRef.parse(at.substring(STEP.length()));
      return last(
          events,
          event -> event.event() instanceof RunEvent.OfStep of && isOf(of.step(), step),
          "nothing has happened to the step '" + step + "' yet, if there is one");
    }
    if (!at.isEmpty() && at.chars().allMatch(c -> c >= '0' && c <= '9') && at.length() < 10) {
      int seq = Integer.parseInt(at);
      return last(events, event -> event.seq() <= seq, "the run's events begin at 1");
    }
    try {
      Instant when = Instant.parse(at);
      return last(events, event -> !event.at().isAfter(when), "the run did not exist at " + when);
    } catch (DateTimeParseException broken) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST,
              "at is an event's number, an instant such as 2026-01-31T12:00:00Z, or step:ID")
          .refusal();
    }
  }

  private static boolean isOf(StepRef step, StepRef wanted) {
    return step.equals(wanted) || (!wanted.isItem() && step.step().equals(wanted.step()));
  }

  private static int last(List<Recorded> events, Predicate<Recorded> passes, String otherwise) {
    for (int i = events.size(); i > 0; i--) {
      if (passes.test(events.get(i - 1))) {
        return i;
      }
    }
    throw notFound(otherwise);
  }

  private static Refusal notFound(String detail) {
    return Problem.of(ProblemCode.NOT_FOUND, detail).refusal();
  }
}
