package dev.capstan.server.trail;

import dev.capstan.journal.Plans;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.RunId;
import dev.capstan.plan.Action;
import dev.capstan.plan.Plan;
import dev.capstan.plan.Step;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must be remembered of a run until it ends, to tell of its events. */
final class OpenRun {
  private final RunId id;
  private final Instant created;
  private final Plans plans;
  private @Nullable String correlationId;
  private RunEvent.@Nullable PlanGenerated generated;
  private @Nullable Instant planned;
  private @Nullable Instant started;

  OpenRun(RunId id, Instant created, Plans plans) {
    this.id = id;
    this.created = created;
    this.plans = plans;
  }

  void hear(Recorded recorded) {
    switch (recorded.event()) {
      case RunEvent.RunCreated event -> correlationId = event.correlationId();
      case RunEvent.PlanGenerated event -> {
        generated = event;
        planned = recorded.at();
      }
      case RunEvent.ExecutionStart _ -> started = recorded.at();
      default -> {
        // Nothing to remember.
      }
    }
  }

  RunId id() {
    return id;
  }

  /** When it was created, or first heard of if that was before this process. */
  Instant created() {
    return created;
  }

  Instant planned() {
    return planned == null ? created : planned;
  }

  Instant started() {
    return started == null ? planned() : started;
  }

  @Nullable String correlationId() {
    return correlationId;
  }

  String name() {
    return generated == null ? "" : generated.name();
  }

  /** The step's place in its plan, from 1; 0 when the plan is not known here. */
  int number(StepRef step) {
    List<Step> steps = steps();
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).id().equals(step.step())) {
        return i + 1;
      }
    }
    return 0;
  }

  /** The tool that the step calls; null when it calls none. */
  @Nullable String tool(int number) {
    return number > 0 && steps().get(number - 1).action() instanceof Action.CallTool call
        ? call.tool()
        : null;
  }

  private List<Step> steps() {
    if (generated == null) {
      return List.of();
    }
    Plan plan = plans.plan(generated.plan());
    return plan.steps();
  }
}
