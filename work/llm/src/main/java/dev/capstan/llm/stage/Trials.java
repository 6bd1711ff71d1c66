package dev.capstan.llm.stage;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.Hold;
import dev.capstan.llm.budget.Claim;
import dev.capstan.llm.budget.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that a vendor who bills beyond its bound is found out by one call and not by a whole
 * burst of them. Until a model's first bill was seen, and while a budget has room for a few calls
 * only, it is asked by one call at a time; after that, the bound is known to hold, or raised.
 */
final class Trials {
  /**
   * Where a budget has room for more than so many calls, a burst that is too dear is far from
   * passing it: a vendor would have to bill many times what it was told it may.
   */
  private static final int FEW = 256;

  private record Place(String provider, String model) {}

  private static final class Trial {
    final Semaphore turn = new Semaphore(1, true);

    /**
     * Held by whoever looks where budgets stand, which takes a way to the store: those who come
     * meanwhile need not look any more once the first bill is there.
     */
    final Semaphore look = new Semaphore(1, true);

    volatile boolean over;
  }

  /** Whether somebody may ask. */
  enum Leave {
    GIVEN,
    /** What the model bills is known by now, so that the bound may be another one. */
    WITH_A_NEW_QUOTE,
    /** Its time was over before its turn came. */
    TOO_LATE
  }

  /** Leave to ask, to be given back. */
  static final class Turn implements AutoCloseable {
    static final Turn FREE = new Turn(Leave.GIVEN, null);
    private static final Turn LATE = new Turn(Leave.TOO_LATE, null);
    private static final Turn STALE = new Turn(Leave.WITH_A_NEW_QUOTE, null);

    private final Leave leave;
    private final @Nullable Semaphore taken;

    private Turn(Leave leave, @Nullable Semaphore taken) {
      this.leave = leave;
      this.taken = taken;
    }

    Leave leave() {
      return leave;
    }

    @Override
    public void close() {
      if (taken != null) {
        taken.release();
      }
    }
  }

  private final GatewayParts parts;
  private final Map<Place, Trial> trials = new ConcurrentHashMap<>();

  Trials(GatewayParts parts) {
    this.parts = parts;
  }

  private Trial of(Target target) {
    return trials.computeIfAbsent(
        new Place(target.provider().name(), target.model()), _ -> new Trial());
  }

  /** Whether a bill of this target's was seen; a quote that is made after that holds. */
  boolean isOver(Target target) {
    return of(target).over;
  }

  /** Waits for its turn, if it needs one; for those whose quote is older than the first bill. */
  Turn turn(Attempt attempt, Claim claim) throws InterruptedException {
    Trial trial = of(attempt.target());
    if (!mayBeShort(claim)) {
      return Turn.FREE;
    }
    if (!waited(trial.look, attempt)) {
      return Turn.LATE;
    }
    try {
      if (trial.over) {
        return Turn.STALE;
      }
      if (!isShort(claim)) {
        return Turn.FREE;
      }
    } finally {
      trial.look.release();
    }
    if (!waited(trial.turn, attempt)) {
      return Turn.LATE;
    }
    if (trial.over) {
      trial.turn.release();
      return Turn.STALE;
    }
    return new Turn(Leave.GIVEN, trial.turn);
  }

  private boolean waited(Semaphore turn, Attempt attempt) throws InterruptedException {
    if (turn.tryAcquire()) {
      return true;
    }
    Watch watch = new Watch(parts, attempt, "budget");
    Instant now = parts.clock().instant();
    watch.waiting(new Hold.ForBudget(now, "the first bill of " + attempt.target()));
    try {
      long millis = Duration.between(now, attempt.waitUntil()).toMillis();
      return turn.tryAcquire(Math.max(0, millis), TimeUnit.MILLISECONDS);
    } finally {
      watch.waiting(null);
      watch.over();
    }
  }

  private static boolean mayBeShort(Claim claim) {
    return !claim.budgets().isEmpty() && claim.most().isPositive();
  }

  private boolean isShort(Claim claim) {
    Money many = claim.most().times(FEW);
    List<Standing> standing;
    try {
      standing = parts.ledger().standing(claim.budgets());
    } catch (Refusal away) {
      // Nobody knows; whether anything may be spent at all is then not ours to say.
      return true;
    }
    return standing.stream().anyMatch(one -> one.left().compareTo(many) < 0);
  }

  /** A bill of this target's came, and its bound is what it has to be. */
  void billed(Target target) {
    of(target).over = true;
  }
}
