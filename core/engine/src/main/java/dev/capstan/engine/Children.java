package dev.capstan.engine;

import dev.capstan.journal.Attachment;
import dev.capstan.journal.Awaited;
import dev.capstan.journal.Failure;
import dev.capstan.journal.Journal;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepState;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.plan.Action;
import dev.capstan.plan.InputCheck;
import dev.capstan.plan.Plan;
import dev.capstan.plan.Template;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Starts sub-runs. Their ids are in the parent's journal first, so starting one twice starts it
 * once.
 */
final class Children {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Journal journal;
  private final Shared shared;
  private final House house;

  Children(Journal journal, Shared shared, House house) {
    this.journal = journal;
    this.shared = shared;
    this.house = house;
  }

  /**
   * Called on the parent's turn: what needs the parent's state happens at once, what may block
   * elsewhere.
   */
  void start(RunState parent, StepState step, Awaited.Child child) {
    Plan plan;
    JsonNode inputs;
    try {
      Template template;
      switch (step.step().action()) {
        case Action.RunPlan run -> {
          plan = run.plan();
          template = run.inputs();
        }
        case Action.Loop loop -> {
          plan = loop.body();
          template = loop.inputs();
        }
        default -> throw new IllegalStateException(step.ref() + " has no sub-run");
      }
      inputs = template.evaluate(parent.roundScope(step, child.iteration(), child.last()));
    } catch (Refusal refusal) {
      fail(parent, step, child, Failure.of(refusal.problem()));
      return;
    }
    if (!(InputCheck.check(plan, inputs) instanceof InputCheck.Checked.Fit fit)) {
      String detail = "the inputs do not fit the sub-plan: " + InputCheck.check(plan, inputs);
      fail(parent, step, child, Failure.of(ProblemCode.INVALID_INPUT, detail));
      return;
    }
    RunEvent.RunCreated created =
        new RunEvent.RunCreated(
            parent.tenant(),
            house.worker(),
            null,
            fit.inputs(),
            parent.created().priority(),
            parent.created().correlationId(),
            new RunEvent.Parent(parent.run(), step.ref(), child.iteration()),
            null);
    shared.executor().execute(() -> insist(created, child, plan));
  }

  /** A journal that cannot be read at the moment delays the sub-run; it must not lose it. */
  private void insist(RunEvent.RunCreated created, Awaited.Child child, Plan plan) {
    try {
      create(created, child, plan);
    } catch (Refusal away) {
      shared.watcher().loopDefect(child.run(), away);
      if (!house.isClosing()) {
        Runnable again = () -> shared.executor().execute(() -> insist(created, child, plan));
        var _ = shared.timers().at(shared.now().plus(AGAIN), again);
      }
    }
  }

  private void create(RunEvent.RunCreated created, Awaited.Child child, Plan plan) {
    RunEvent.Parent parent = created.parent();
    if (parent == null) {
      return;
    }
    if (house.live(child.run()) != null) {
      return;
    }
    List<Recorded> written = journal.read(child.run(), 0, Integer.MAX_VALUE);
    if (written.isEmpty()) {
      Attachment attachment = shared.plans().attachment(plan);
      RunEvent planned =
          new RunEvent.PlanGenerated(
              attachment.hash(), "given", plan.header().name(), plan.steps().size());
      Opened opened =
          new Opened(List.of(created, planned), List.of(attachment), true, created.priority());
      house.create(child.run(), opened).thenAccept(submitted -> {}).exceptionally(broken -> null);
    } else if (!(written.getFirst().event() instanceof RunEvent.RunCreated found)
        || !parent.equals(found.parent())) {
      // Two processes minted the same id in the same millisecond: all but impossible, and never to
      // be mistaken for our child.
      Failure taken =
          Failure.of(ProblemCode.CHILD_FAILED, "the id " + child.run() + " belongs to another run");
      report(parent, child, new RunEvent.RunFailed(null, taken, List.of(), List.of()));
    } else if (written.getLast().event() instanceof RunEvent.Terminal end) {
      report(parent, child, end);
    }
  }

  private void report(RunEvent.Parent parent, Awaited.Child child, RunEvent.Terminal end) {
    house.post(
        parent.run(),
        new Letter.Stimulate(new Stimulus.ChildEnded(parent.step(), child.run(), end), null));
  }

  private void fail(RunState parent, StepState step, Awaited.Child child, Failure failure) {
    RunEvent.Terminal end = new RunEvent.RunFailed(null, failure, List.of(), List.of());
    house.post(
        parent.run(),
        new Letter.Stimulate(new Stimulus.ChildEnded(step.ref(), child.run(), end), null));
  }
}
