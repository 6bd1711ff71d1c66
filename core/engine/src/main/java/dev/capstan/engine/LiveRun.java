package dev.capstan.engine;

import dev.capstan.journal.Append;
import dev.capstan.journal.Appended;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepRef;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.kernel.time.Timers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One run in memory: a mailbox and one turn at a time. A turn takes what is in the mailbox, reacts,
 * decides, and hands the events to the journal. Until they are durable, letters are held for the
 * next turn, except the ends of pure steps: what follows from them is decided meanwhile, ahead of
 * the disk, and handed over as one when the first has landed. So a run never has more than one
 * append on its way. Pure attempts are started at once, everything else when its cause is durable.
 */
final class LiveRun {
  private static final int LETTERS_A_TURN = 256;
  private static final int EVENTS_AHEAD = 512;
  private static final Duration WORTH_STAYING = Duration.ofSeconds(2);

  private final RunId id;
  private final Shared shared;
  private final Queue<Letter> mailbox = new ConcurrentLinkedQueue<>();
  private final AtomicInteger letters = new AtomicInteger();
  private final Map<StepRef, Attempt> attempts = new HashMap<>();

  // Everything below is touched only by the thread whose turn it is.
  private @Nullable RunState state;
  private FairSlots.@Nullable Ticket slot;
  private Timers.@Nullable Alarm alarm;
  private @Nullable Instant alarmAt;
  private boolean gone;
  private int heeded;

  /** Letters for the next turn. */
  private final List<Letter> held = new ArrayList<>(4);

  /** The turn whose events are on their way to the disk. */
  private @Nullable Turn flying;

  /** What was decided meanwhile about pure steps; it is handed over when the other has landed. */
  private @Nullable Turn ahead;

  private volatile @Nullable TenantId tenant;

  LiveRun(RunId id, Shared shared) {
    this.id = id;
    this.shared = shared;
  }

  /** A run whose state is at hand. */
  LiveRun(RunState state, Shared shared) {
    this(state.run(), shared);
    this.state = state;
    this.tenant = state.seq() == 0 ? null : state.tenant();
  }

  RunId id() {
    return id;
  }

  TenantId tenant() {
    TenantId known = tenant;
    return known == null ? TenantId.LOCAL : known;
  }

  void post(Stimulus stimulus) {
    post(new Letter.Stimulate(stimulus, null));
  }

  void post(Letter letter) {
    mailbox.add(letter);
    if (letters.getAndIncrement() == 0) {
      shared.executor().execute(this::turns);
    }
  }

  // --- turns ---

  /** Heeds letters until there are none. */
  private void turns() {
    do {
      heeded = 0;
      Letter letter = mailbox.poll();
      while (letter != null) {
        heeded++;
        if (letter instanceof Letter.Landed landed) {
          land(landed.turn(), landed.appended());
        } else {
          held.add(letter);
        }
        letter = heeded < LETTERS_A_TURN ? mailbox.poll() : null;
      }
      while (!gone && flying == null && !held.isEmpty()) {
        turn();
      }
      runAhead();
      if (gone) {
        held.forEach(waiting -> shared.runs().post(id, waiting));
        held.clear();
      }
    } while (letters.addAndGet(-heeded) > 0);
  }

  /** Takes a turn with what was held; nothing is on its way to the disk. */
  private void turn() {
    List<Letter> first = held.subList(0, Math.min(held.size(), LETTERS_A_TURN));
    List<Letter> batch = new ArrayList<>(first);
    first.clear();
    try {
      RunState known = state == null ? new Summons(shared).fetch(id, batch) : state;
      if (known == null) {
        leave();
        return;
      }
      state = known;
      Turn turn = new Turn(known, shared);
      batch.forEach(turn::take);
      tenant = known.tenant();
      handOut(known, turn);
      flyOrSettle(known, turn);
    } catch (RuntimeException defect) {
      crash(defect, batch);
    }
  }

  /** Pure attempts start at once, the others when what caused them is durable. */
  private void handOut(RunState known, Turn turn) {
    turn.takeEnded().forEach(attempts::remove);
    for (Work.Attempt work : turn.takeAttempts()) {
      Attempt attempt = new Attempt(this, shared, work, known.state(work.step()).step());
      attempts.put(work.step(), attempt);
      if (attempt.isPure()) {
        attempt.start();
      } else {
        turn.startAfterwards(attempt);
      }
    }
  }

  private void flyOrSettle(RunState known, Turn turn) {
    if (turn.events().isEmpty()) {
      after(known, turn, false);
      return;
    }
    flying = turn;
    var _ =
        shared
            .journal()
            .append(
                new Append(id, turn.firstSeq(), turn.times(), turn.events(), turn.attachments()))
            .handle((appended, broken) -> Optional.ofNullable(appended))
            .thenAccept(appended -> post(new Letter.Landed(turn, appended.orElse(null))));
  }

  // --- ahead of the disk ---

  private void runAhead() {
    int taken = 0;
    while (taken < held.size() && mayRunAhead(held.get(taken))) {
      runAhead(held.get(taken));
      taken++;
    }
    held.subList(0, taken).clear();
  }

  /** Only the end of a pure attempt, and only while nobody is to see the state in between. */
  private boolean mayRunAhead(Letter letter) {
    if (gone
        || flying == null
        || !flying.isPlain()
        || !(letter instanceof Letter.Stimulate stimulate)
        || !(stimulate.stimulus() instanceof Stimulus.Ended ended)) {
      return false;
    }
    Attempt attempt = attempts.get(ended.step());
    return attempt != null
        && attempt.isPure()
        && (ahead == null || (ahead.isPlain() && ahead.events().size() < EVENTS_AHEAD));
  }

  private void runAhead(Letter letter) {
    RunState known = Objects.requireNonNull(state);
    try {
      Turn turn = ahead;
      if (turn == null) {
        turn = new Turn(known, shared);
        ahead = turn;
      } else {
        turn.resume();
      }
      turn.take(letter);
      handOut(known, turn);
    } catch (RuntimeException defect) {
      crash(defect, List.of(letter));
    }
  }

  /** What was on its way has arrived, or never will. */
  private void land(Turn turn, @Nullable Appended appended) {
    Turn next = ahead;
    flying = null;
    ahead = null;
    try {
      if (appended == null) {
        turn.refuse(
            Problem.of(ProblemCode.UNAVAILABLE, "the journal was closed before this was written"));
        leave();
      } else if (appended == Appended.FENCED) {
        turn.fenced();
        shared.watcher().fenced(id);
        attempts.values().forEach(Attempt::interrupt);
        leave();
      } else if (gone) {
        turn.acknowledge();
        turn.questions().forEach(question -> question.accept(null));
      } else {
        RunState known = Objects.requireNonNull(state);
        after(known, turn, next != null);
        if (next != null) {
          flyOrSettle(known, next);
        }
      }
    } catch (RuntimeException defect) {
      turn.refuse(broken());
      crash(defect, List.of());
    }
  }

  /**
   * The turn's events, if there were any, are on disk: now the world may know.
   *
   * @param goesOn more is decided already, ahead of the disk
   */
  private void after(RunState known, Turn turn, boolean goesOn) {
    turn.acknowledge();
    turn.afterwards().forEach(Attempt::start);
    for (Work work : turn.other()) {
      switch (work) {
        case Work.InterruptAll _ -> attempts.values().forEach(Attempt::interrupt);
        case Work.CancelChild cancel -> shared.runs().cancelChild(cancel.child(), cancel.reason());
        case Work.Attempt _ -> throw new IllegalStateException("attempts are started elsewhere");
      }
    }
    turn.children()
        .forEach((step, child) -> shared.runs().startChild(known, known.state(step), child));
    RunEvent.Terminal end = known.terminal();
    if (end == null) {
      if (known.hasPlan()) {
        rest(known, goesOn || !held.isEmpty() || letters.get() > heeded);
      }
    } else if (!goesOn && !gone) {
      leave();
      shared.runs().ended(this, known, end);
    }
    turn.questions().forEach(question -> question.accept(known));
  }

  // --- standing still ---

  private void rest(RunState known, boolean busy) {
    if (known.startedAt() == null && known.ending() == null) {
      return;
    }
    boolean idle = known.underWay() == 0 && attempts.isEmpty() && !busy;
    if (!idle && slot == null) {
      slot = shared.runSlots().force(tenant());
    }
    Instant due = known.nextDue();
    if (idle) {
      releaseSlot();
      if (due == null || due.isAfter(shared.now().plus(WORTH_STAYING))) {
        Instant wake = due;
        leave();
        if (wake != null) {
          shared
              .timers()
              .at(
                  wake,
                  () -> shared.runs().post(id, new Letter.Stimulate(new Stimulus.Due(), null)));
        }
        return;
      }
    }
    setAlarm(due);
  }

  private void setAlarm(@Nullable Instant due) {
    if (due == null || due.equals(alarmAt)) {
      return;
    }
    if (alarm != null) {
      alarm.callOff();
    }
    alarmAt = due;
    alarm = shared.timers().at(due, () -> post(new Stimulus.Due()));
  }

  private void leave() {
    gone = true;
    releaseSlot();
    if (alarm != null) {
      alarm.callOff();
      alarm = null;
    }
    shared.runs().left(this);
  }

  /** Gives the run its place among the runs, held or waited for; only before its first letter. */
  void hold(FairSlots.Ticket place) {
    slot = place;
  }

  /**
   * What it waits for before it may start; null once it has a slot. To be called on the run's own
   * turn.
   */
  Wait.@Nullable RunSlot place() {
    int ahead = slot == null ? -1 : shared.runSlots().ahead(slot);
    return ahead < 0 ? null : new Wait.RunSlot(tenant(), shared.runSlots().limit(), ahead);
  }

  private void releaseSlot() {
    FairSlots.Ticket held = slot;
    slot = null;
    if (held != null && !shared.runSlots().withdraw(held)) {
      shared.runSlots().release(held);
    }
  }

  /**
   * A defect of ours: what is in memory cannot be trusted, so the run leaves and comes back from
   * its journal.
   */
  private void crash(RuntimeException defect, List<Letter> batch) {
    shared.watcher().loopDefect(id, defect);
    Summons.answer(batch, broken());
    attempts.values().forEach(Attempt::interrupt);
    leave();
  }

  private static Problem broken() {
    return Problem.of(
        ProblemCode.INTERNAL, "the run loop broke on this; the run itself is safe in its journal");
  }

  /** The attempts that are under way; to be called on the run's own turn. */
  Map<StepRef, Attempt> attempts() {
    return attempts;
  }
}
