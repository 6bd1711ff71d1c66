package dev.capstan.server.rehearsal;

import dev.capstan.agents.replay.Miss;
import dev.capstan.agents.replay.RecordedAnswer;
import dev.capstan.agents.replay.Recording;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.Money;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What came of a rehearsal.
 *
 * @param played what was answered, each with the question
 * @param misses what was asked and not recorded
 * @param stuck what it waits for, when it did not come to an end
 */
public record Rehearsed(
    RunState state, Recording played, List<Miss> misses, @Nullable String stuck) {
  /** What its models cost when it was recorded. */
  public Money cost() {
    Money sum = Money.ZERO;
    for (RecordedAnswer answer : played.answers()) {
      if (answer.said() instanceof RecordedAnswer.Spoke spoke) {
        sum = sum.plus(spoke.cost());
      }
    }
    return sum;
  }
}
