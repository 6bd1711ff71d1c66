package dev.capstan.postgres;

import dev.capstan.kernel.RunId;
import dev.capstan.kernel.RunIds;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * How far a worker's runs are in the views: which id all are below that are. Marks a moment and
 * what the journal was handed until then; when that much is folded, everything that was minted
 * before is. So it goes on under any load, and whoever takes over has little to read again.
 */
final class Watermark {
  private static final Duration MINTED_BUT_NOT_HANDED_OVER = Duration.ofSeconds(60);

  private final PgJournal journal;
  private final InstantSource clock;
  private @Nullable RunId marked;
  private long wanted;

  Watermark(PgJournal journal, InstantSource clock) {
    this.journal = journal;
    this.clock = clock;
  }

  /**
   * The id that was reached, if one was since the last time.
   *
   * @param settled how far the journal was when everything up to there was folded
   */
  @Nullable RunId reached(long settled) {
    if (settled < wanted) {
      return null;
    }
    RunId reached = marked;
    RunId next = RunIds.firstAt(clock.instant().minus(MINTED_BUT_NOT_HANDED_OVER));
    wanted = journal.handed();
    marked = wanted == Inbox.UNKNOWN ? null : next;
    return reached;
  }
}
