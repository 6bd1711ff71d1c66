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
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One run in memory: a mailbox and one turn at a time. A turn takes what is in the mailbox, reacts,
 * decides, and hands the events to the journal; nothing else happens to the run until they are
 * durable, while new letters gather for the next turn. What may run ahead of the disk (pure steps)
 * is started at once, everything else when its cause is durable.
 */
final class LiveRun {
  private static final int LETTERS_A_TURN = 256;
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

  /**
   * Takes turns until the mailbox is empty or a turn waits for the disk; then {@link #durable} goes
   * on.
   */
  private void turns() {
    int taken;
    do {
      List<Letter> batch = take();
      taken = batch.size();
      try {
        if (turn(batch, taken)) {
          return;
        }
      } catch (RuntimeException defect) {
        crash(defect, batch);
      }
    } while (letters.addAndGet(-taken) > 0);
  }

  private List<Letter> take() {
    List<Letter> batch = new ArrayList<>(4);
    Letter letter = mailbox.poll();
    while (letter != null) {
      batch.add(letter);
      letter = batch.size() < LETTERS_A_TURN ? mailbox.poll() : null;
    }
    return batch;
  }

  /** True when it waits for the disk. */
  private boolean turn(List<Letter> batch, int taken) {
    if (gone) {
      batch.forEach(letter -> shared.runs().post(id, letter));
      return false;
    }
    RunState known = state == null ? new Summons(shared).fetch(id, batch) : state;
    if (known == null) {
      leave();
      return false;
    }
    state = known;
    Turn turn = new Turn(known, shared);
    batch.forEach(turn::take);
    tenant = known.tenant();
    for (Work.Attempt work : turn.attempts()) {
      attempts.put(work.step(), new Attempt(this, shared, work, known.state(work.step()).step()));
    }
    startThose(turn, false);
    if (turn.events().isEmpty()) {
      after(known, turn, taken);
      return false;
    }
    Append append = new Append(id, turn.firstSeq(), turn.now(), turn.events(), turn.attachments());
    CompletableFuture<Void> _ =
        shared
            .journal()
            .append(append)
            .handle((appended, broken) -> Optional.ofNullable(appended))
            .thenAcceptAsync(
                appended -> durable(known, turn, appended.orElse(null), batch, taken),
                shared.executor());
    return true;
  }

  private void durable(
      RunState known, Turn turn, @Nullable Appended appended, List<Letter> batch, int taken) {
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
      } else {
        after(known, turn, taken);
      }
    } catch (RuntimeException defect) {
      crash(defect, batch);
    }
    if (letters.addAndGet(-taken) > 0) {
      turns();
    }
  }

  /** The turn's events, if there were any, are on disk: now the world may know. */
  private void after(RunState known, Turn turn, int taken) {
    turn.ended().forEach(attempts::remove);
    turn.acknowledge();
    startThose(turn, true);
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
    if (end != null) {
      if (!gone) {
        leave();
        shared.runs().ended(this, known, end);
      }
    } else if (known.hasPlan()) {
      rest(known, letters.get() > taken);
    }
    turn.questions().forEach(question -> question.accept(known));
  }

  private void startThose(Turn turn, boolean durableCause) {
    for (Work.Attempt work : turn.attempts()) {
      Attempt attempt = attempts.get(work.step());
      boolean needsDisk = work.needsDurableCause() && !turn.events().isEmpty();
      if (attempt != null && needsDisk == durableCause) {
        attempt.start();
      }
    }
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
    Summons.answer(
        batch,
        Problem.of(
            ProblemCode.INTERNAL,
            "the run loop broke on this; the run itself is safe in its journal"));
    attempts.values().forEach(Attempt::interrupt);
    leave();
  }

  /** The attempts that are under way; to be called on the run's own turn. */
  Map<StepRef, Attempt> attempts() {
    return attempts;
  }
}
