package dev.capstan.llm.budget;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.Condition;
import org.jspecify.annotations.Nullable;

/** A claim that has come, and what became of it so far. */
final class Waiter {
  /** Where it is. */
  enum Stage {
    /** To be asked of the vault with the next batch. */
    FRESH,
    /** Asked in the batch under way. */
    ASKED,
    /** Does not fit until others settle. */
    STUCK,
    /** Admitted or refused. */
    OVER
  }

  final long turn;
  final Claim claim;
  final long most;
  final List<Pool> pools;
  Stage stage = Stage.FRESH;

  /** It was told once that it does not fit: now it asks for the whole, and keeps nothing back. */
  boolean wasShort;

  /** Set when it is over, unless the store was away. */
  @Nullable Admission admission;

  /** When it was first stuck. */
  @Nullable Instant stuckSince;

  /** Rung when there is something to look at. */
  @Nullable Condition bell;

  Waiter(long turn, Claim claim, List<Pool> pools) {
    this.turn = turn;
    this.claim = claim;
    this.most = claim.most().pico();
    this.pools = pools;
  }

  void ring() {
    if (bell != null) {
      bell.signal();
    }
  }
}
