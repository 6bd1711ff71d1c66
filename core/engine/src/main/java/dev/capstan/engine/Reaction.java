package dev.capstan.engine;

import dev.capstan.journal.RunEvent;
import dev.capstan.kernel.Problem;
import java.util.List;

/** What a run makes of a stimulus. */
sealed interface Reaction {
  /** It changes the run so; an empty list changes nothing, because it is late or already so. */
  record Recorded(List<RunEvent> events) implements Reaction {}

  record Refused(Problem problem) implements Reaction {}

  Reaction NOTHING = new Recorded(List.of());

  static Reaction of(RunEvent event) {
    return new Recorded(List.of(event));
  }
}
