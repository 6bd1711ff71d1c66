package dev.capstan.engine;

import dev.capstan.journal.Awaited;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.journal.StepState;
import dev.capstan.kernel.RunId;
import org.jspecify.annotations.Nullable;

/** What a live run asks of the house it lives in. */
interface Runs {
  /** This process's worker number. */
  long worker();

  /**
   * Whether the run of another owner may be taken over, because that owner's lease is over. May
   * block.
   */
  boolean isAbandoned(long owner);

  /**
   * Sees to it that the awaited sub-run exists, or, if it has ended already, that its parent hears
   * of it.
   */
  void startChild(RunState parent, StepState step, Awaited.Child child);

  void cancelChild(RunId child, @Nullable String reason);

  /** The run has ended, durably. */
  void ended(LiveRun run, RunState state, RunEvent.Terminal end);

  /** The run leaves memory; a letter for it later makes it come back. */
  void left(LiveRun run);

  /** Puts a letter in a run's mailbox, fetching the run from the journal if need be. */
  void post(RunId run, Letter letter);

  boolean isClosing();
}
