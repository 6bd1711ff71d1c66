package dev.capstan.engine;

import dev.capstan.journal.Attachment;
import dev.capstan.journal.Awaited;
import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepRef;
import dev.capstan.journal.StepState;
import dev.capstan.journal.StepStatus;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One turn of a run: what came in, what was decided, and what is to be done once it is durable. */
final class Turn {
  private final RunState state;
  private final Shared shared;
  private final int firstSeq;
  private final List<RunEvent> events = new ArrayList<>();
  private final List<Instant> times = new ArrayList<>();
  private final List<Attachment> attachments = new ArrayList<>();
  private final List<Attempt> afterwards = new ArrayList<>();
  private final List<Work> other = new ArrayList<>();
  private final Map<StepRef, Awaited.Child> children = new LinkedHashMap<>();
  private final Map<CompletableFuture<Told>, Told> told = new LinkedHashMap<>();
  private final List<CompletableFuture<Submitted>> created = new ArrayList<>();
  private final List<Consumer<@Nullable RunState>> questions = new ArrayList<>();

  // Since they were last asked for.
  private List<Work.Attempt> attempts = new ArrayList<>();
  private List<StepRef> ended = new ArrayList<>();
  private Instant now;

  Turn(RunState state, Shared shared) {
    this.state = state;
    this.shared = shared;
    this.now = shared.now();
    this.firstSeq = state.seq() + 1;
  }

  /** Goes on with a turn whose events are not yet handed over: what follows happens now. */
  void resume() {
    now = shared.now();
  }

  void take(Letter letter) {
    switch (letter) {
      case Letter.Landed _ -> throw new IllegalArgumentException("nothing to decide about");
      case Letter.Ask ask -> questions.add(ask.question());
      case Letter.Create create -> {
        create.events().forEach(this::record);
        attachments.addAll(create.attachments());
        created.add(create.answer());
        decide();
      }
      case Letter.Stimulate stimulate -> react(stimulate);
    }
  }

  private void react(Letter.Stimulate stimulate) {
    Reaction reaction = shared.reactor().react(state, stimulate.stimulus(), now);
    if (reaction instanceof Reaction.Recorded recorded) {
      recorded.events().forEach(this::record);
    }
    if (stimulate.stimulus() instanceof Stimulus.Ended over && !reaction.equals(Reaction.NOTHING)) {
      ended.add(over.step());
    }
    if (stimulate.stimulus() instanceof Stimulus.Claim) {
      resumeChildren();
    }
    decide();
    CompletableFuture<Told> answer = stimulate.answer();
    if (answer != null) {
      told.put(
          answer,
          switch (reaction) {
            case Reaction.Recorded _ -> new Told.Done(state.seq());
            case Reaction.Refused refused -> new Told.Refused(refused.problem());
          });
    }
  }

  /**
   * After a claim: the sub-runs that are waited for may never have been started, or may have ended
   * unheard.
   */
  private void resumeChildren() {
    if (state.waiting() > 0) {
      Commands.everyState(state)
          .filter(step -> step.status() == StepStatus.WAITING)
          .forEach(this::noteChild);
    }
  }

  private void noteChild(StepState step) {
    if (step.awaited() instanceof Awaited.Child child) {
      children.put(step.ref(), child);
    }
  }

  /** Asks the decider until no further events follow. */
  private void decide() {
    Decision decision;
    do {
      decision = shared.decider().decide(state, now);
      decision.events().forEach(this::record);
      for (Work work : decision.work()) {
        if (work instanceof Work.Attempt attempt) {
          state.handOut(state.state(attempt.step()), attempt.attempt());
          attempts.add(attempt);
        } else {
          other.add(work);
        }
      }
    } while (!decision.events().isEmpty());
  }

  private void record(RunEvent event) {
    state.apply(new Recorded(state.run(), state.seq() + 1, now, event));
    events.add(event);
    times.add(now);
    if (event instanceof RunEvent.StepWaiting waiting
        && waiting.awaited() instanceof Awaited.Child child) {
      children.put(waiting.step(), child);
    }
  }

  List<Instant> times() {
    return times;
  }

  int firstSeq() {
    return firstSeq;
  }

  List<RunEvent> events() {
    return events;
  }

  List<Attachment> attachments() {
    return attachments;
  }

  /** What was handed out and not asked for yet. */
  List<Work.Attempt> takeAttempts() {
    List<Work.Attempt> taken = attempts;
    attempts = new ArrayList<>();
    return taken;
  }

  /** Steps whose attempts were answered, and that were not asked for yet. */
  List<StepRef> takeEnded() {
    List<StepRef> taken = ended;
    ended = new ArrayList<>();
    return taken;
  }

  /** Starts the attempt as soon as what this turn decided is durable. */
  void startAfterwards(Attempt attempt) {
    afterwards.add(attempt);
  }

  List<Attempt> afterwards() {
    return afterwards;
  }

  /**
   * Whether nobody waits to see, and nothing waits to be done with, the state as it is after it.
   */
  boolean isPlain() {
    return questions.isEmpty() && children.isEmpty() && other.isEmpty();
  }

  List<Work> other() {
    return other;
  }

  Map<StepRef, Awaited.Child> children() {
    return children;
  }

  List<Consumer<@Nullable RunState>> questions() {
    return questions;
  }

  /** Tells everybody who waited. */
  void acknowledge() {
    created.forEach(answer -> answer.complete(new Submitted.Accepted(state.run(), true)));
    told.forEach((answer, what) -> answer.complete(what));
  }

  /**
   * Somebody else wrote this place: a run that was being created exists already; a command must go
   * to the new owner.
   */
  void fenced() {
    created.forEach(answer -> answer.complete(new Submitted.Accepted(state.run(), false)));
    refuseCommands(
        Problem.of(ProblemCode.UNAVAILABLE, "another process has taken the run over; try again"));
  }

  void refuse(Problem problem) {
    created.forEach(answer -> answer.complete(new Submitted.Refused(problem)));
    refuseCommands(problem);
  }

  private void refuseCommands(Problem problem) {
    questions.forEach(question -> question.accept(null));
    told.forEach((answer, what) -> answer.complete(new Told.Refused(problem)));
  }
}
