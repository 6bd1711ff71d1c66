package dev.capstan.engine;

import dev.capstan.journal.Recorded;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Fetches a run back from its journal because there is a letter for it. */
final class Summons {
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Shared shared;

  Summons(Shared shared) {
    this.shared = shared;
  }

  /**
   * The run's state, or null when it cannot be had here; then the letters have been answered or
   * sent again.
   */
  @Nullable RunState fetch(RunId run, List<Letter> letters) {
    List<Recorded> events;
    RunState state;
    try {
      if (letters.getFirst() instanceof Letter.Create) {
        return new RunState(run, shared.plans()::plan);
      }
      events = shared.journal().read(run, 0, Integer.MAX_VALUE);
      if (events.isEmpty()) {
        answer(letters, Problem.of(ProblemCode.NOT_FOUND, "there is no run " + run));
        return null;
      }
      state = RunState.fold(run, events, shared.plans()::plan);
      if (state.terminal() == null && state.owner() != shared.runs().worker()) {
        return take(state, letters);
      }
      return state;
    } catch (RuntimeException unreadable) {
      shared.watcher().loopDefect(run, unreadable);
      answer(
          letters, Problem.of(ProblemCode.UNAVAILABLE, "the journal cannot be read at the moment"));
      sendAgain(run, letters);
      return null;
    }
  }

  private @Nullable RunState take(RunState state, List<Letter> letters) {
    if (!shared.runs().isAbandoned(state.owner())) {
      answer(
          letters,
          Problem.of(ProblemCode.UNAVAILABLE, "another process runs it and is alive; ask there"));
      return null;
    }
    letters.addFirst(new Letter.Stimulate(new Stimulus.Claim(shared.runs().worker()), null));
    return state;
  }

  static void answer(List<Letter> letters, Problem problem) {
    for (Letter letter : letters) {
      if (letter instanceof Letter.Stimulate stimulate && stimulate.answer() != null) {
        stimulate.answer().complete(new Told.Refused(problem));
      } else if (letter instanceof Letter.Create create) {
        create.answer().complete(new Submitted.Refused(problem));
      } else if (letter instanceof Letter.Ask ask) {
        ask.question().accept(null);
      }
    }
  }

  /** What nobody waits for must not be lost: a sub-run's end, a timer. */
  private void sendAgain(RunId run, List<Letter> letters) {
    List<Letter> unheard =
        letters.stream()
            .filter(letter ->
                letter instanceof Letter.Stimulate stimulate && stimulate.answer() == null)
            .toList();
    if (!unheard.isEmpty() && !shared.runs().isClosing()) {
      shared
          .timers()
          .at(
              shared.now().plus(AGAIN),
              () -> unheard.forEach(letter -> shared.runs().post(run, letter)));
    }
  }
}
