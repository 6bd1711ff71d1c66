package dev.capstan.agents.agent;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.llm.chat.ToolRequest;
import java.util.Optional;

/** What an agent's answer is worth that its bound of tokens cut off. */
record CutShort(AgentTask task, Conversation conversation, Hands hands) {
  static final String NOT_MADE =
      "your answer was cut off within this call, so it was not made; say less at a time";

  /** So many answers that broke off in a call are enough. */
  private static final int MOST_BROKEN_CALLS = 3;

  Problem problem() {
    return Problem.of(
        ProblemCode.LIMIT_REACHED,
        "the agent's answer was cut off after "
            + conversation.turns().getLast().usage().outputTokens()
            + " tokens: give it more room (limits.max_output_tokens, or the model's), or keep what"
            + " there is (limits.keep_cut)");
  }

  /**
   * What there is of an answer that broke off in a call: when that began to say it, or when calls
   * break off again and again. Mostly empty: the model may try again. Throws a {@link
   * dev.capstan.kernel.Refusal} of {@code limit_reached} when it may not, and nothing is to be
   * kept.
   */
  Optional<String> begunWord() {
    ToolRequest broken =
        conversation.isToldResults() ? conversation.turns().getLast().brokenCall() : null;
    if (broken == null) {
      return Optional.empty();
    }
    Optional<String> begun = task.keepsCut() ? hands.begunWord(broken) : Optional.empty();
    if (begun.isPresent() || conversation.brokenCalls() < MOST_BROKEN_CALLS) {
      return begun;
    }
    if (!task.keepsCut()) {
      throw problem().refusal();
    }
    return Optional.of(conversation.turns().getLast().message().text());
  }
}
