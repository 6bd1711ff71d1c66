package dev.capstan.engine;

import dev.capstan.journal.Awaited;
import dev.capstan.journal.EventCodec;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepState;
import dev.capstan.kernel.RunId;
import dev.capstan.plan.Plan;
import dev.capstan.plan.ToolCatalog;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a run's journal again and holds every decision in it against what the decider
 * decides now: the outcomes of tools, the commands and the times are taken as recorded, everything
 * else must follow from them. Calls no tool and writes nothing.
 */
public final class Replay {
  /** A place where the journal and the decider do not agree; {@code null} stands for nothing. */
  public record Difference(int seq, @Nullable String recorded, @Nullable String decided) {}

  /**
   * What came of it.
   *
   * @param decisions how many of the events were decided by the engine, not reported to it
   */
  public record Verdict(int events, int decisions, List<Difference> differences) {
    public boolean agrees() {
      return differences.isEmpty();
    }
  }

  private final List<Recorded> events;
  private final RunState state;
  private final Decider decider;
  private final List<Difference> differences = new ArrayList<>();
  private Iterator<RunId> childIds = List.<RunId>of().iterator();
  private int next;
  private int decisions;

  private Replay(List<Recorded> events, Function<String, Plan> plans, ToolCatalog tools) {
    this.events = events;
    this.state = new RunState(events.getFirst().run(), plans);
    this.decider = new Decider(new Opening(tools, this::recordedChild), new Closing(tools));
  }

  /** Replays these events, which are all of one run's in order, at least one. */
  public static Verdict of(List<Recorded> events, Function<String, Plan> plans, ToolCatalog tools) {
    return new Replay(events, plans, tools).run();
  }

  private Verdict run() {
    while (next < events.size()) {
      Recorded recorded = events.get(next);
      Decision decision = decide(recorded.at());
      if (!decision.events().isEmpty() && same(decision.events().getFirst(), recorded.event())) {
        follow(decision);
      } else {
        if (isAlwaysDecided(recorded.event()) && state.startedAt() != null) {
          differ(
              recorded.seq(),
              recorded.event(),
              decision.events().isEmpty() ? null : decision.events().getFirst());
          break;
        }
        if (decision.events().isEmpty()) {
          handOut(decision);
        }
        take(recorded);
      }
    }
    if (differences.isEmpty() && state.terminal() == null) {
      Decision left = decide(events.getLast().at());
      left.events().forEach(event -> differ(state.seq() + 1, null, event));
    }
    return new Verdict(events.size(), decisions, differences);
  }

  private Decision decide(Instant at) {
    childIds =
        events.subList(next, events.size()).stream()
            .filter(recorded ->
                recorded.event() instanceof RunEvent.StepWaiting waiting
                    && waiting.awaited() instanceof Awaited.Child)
            .map(recorded ->
                ((Awaited.Child) ((RunEvent.StepWaiting) recorded.event()).awaited()).run())
            .iterator();
    return state.hasPlan() ? decider.decide(state, at) : Decision.NOTHING;
  }

  private RunId recordedChild() {
    return childIds.hasNext() ? childIds.next() : new RunId(1);
  }

  /** The journal must say what was decided, event by event. */
  private void follow(Decision decision) {
    for (RunEvent decided : decision.events()) {
      Recorded recorded = next < events.size() ? events.get(next) : null;
      if (recorded == null || !same(decided, recorded.event())) {
        differ(state.seq() + 1, recorded == null ? null : recorded.event(), decided);
        return;
      }
      state.apply(recorded);
      next++;
      decisions++;
    }
    handOut(decision);
  }

  private void handOut(Decision decision) {
    for (Work work : decision.work()) {
      if (work instanceof Work.Attempt attempt) {
        StepState step = state.state(attempt.step());
        if (!step.underWay()) {
          state.handOut(step, attempt.attempt());
        }
      }
    }
  }

  private void take(Recorded recorded) {
    state.apply(recorded);
    next++;
  }

  private static boolean same(RunEvent decided, RunEvent recorded) {
    return decided.getClass() == recorded.getClass()
        && EventCodec.encode(decided).equals(EventCodec.encode(recorded));
  }

  /** Events that nobody reports to the engine. */
  private static boolean isAlwaysDecided(RunEvent event) {
    return switch (event) {
      case RunEvent.StepWaiting waiting ->
          !(waiting.awaited() instanceof Awaited.Child child && child.iteration() > 1);
      case RunEvent.StepUnknown unknown -> unknown.question() == null;
      case RunEvent.StepStarted _,
          RunEvent.DeadlinePassed _,
          RunEvent.OutputsFailed _,
          RunEvent.CompensationStarted _,
          RunEvent.CompensationAttempted _,
          RunEvent.Terminal _ ->
          true;
      case RunEvent.StepSkipped _, RunEvent.StepExpanded _ -> true;
      default -> false;
    };
  }

  private void differ(int seq, @Nullable RunEvent recorded, @Nullable RunEvent decided) {
    differences.add(new Difference(seq, shown(recorded), shown(decided)));
    // What follows a disagreement follows from it: one is enough.
    next = events.size();
  }

  private static @Nullable String shown(@Nullable RunEvent event) {
    return event == null ? null : EventCodec.wireName(event) + " " + EventCodec.encode(event);
  }
}
