package dev.capstan.agents.replay;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * What came of asking a model once, in a recorded run.
 *
 * @param step where: the step, after the steps whose sub-runs it is in ({@code outer/inner})
 * @param attempt of that step, from 1, as far as they were recorded
 * @param agent who asked; null when that is not known
 * @param asked what it was asked, as {@link Asked} writes it; null when only the order of answers
 *     is known, as it is in a journal
 */
public record RecordedAnswer(
    String step, int attempt, @Nullable String agent, @Nullable Asked asked, Said said) {
  /** What the model said, or why it said nothing. */
  public sealed interface Said {}

  /** The components are those of the checkpoint that an agent keeps of each turn. */
  public record Spoke(
      Message.Assistant message,
      FinishReason finish,
      Usage usage,
      String provider,
      String model,
      Money cost)
      implements Said {}

  public record Fell(Problem problem) implements Said {}

  /** The same answer, with what it was an answer to. */
  RecordedAnswer to(Asked question) {
    return new RecordedAnswer(step, attempt, agent, question, said);
  }
}
