package dev.capstan.llm.stage;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.provider.Fault;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How an attempt ended. What it cost is known once it passed the budget's stage. */
sealed interface Tried {
  record Answered(Answer answer, Money cost) implements Tried {}

  record Faulted(Fault fault, Money cost) implements Tried {}

  /**
   * The provider was not asked.
   *
   * @param why for the meter: {@code budget}, {@code limit}, {@code breaker}, {@code ledger}
   * @param elsewhere whether another target may be asked
   * @param freeAt when it is worth trying again, if anybody knows
   */
  record Declined(String why, Problem problem, boolean elsewhere, @Nullable Instant freeAt)
      implements Tried {}
}
