package dev.capstan.llm;

import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.llm.chat.ToolOffer;
import java.time.Instant;
import java.util.List;

/**
 * A question to a model.
 *
 * @param model a name of the configuration: a model, or an alias of several
 * @param stream whether the sink wants pieces as they come
 * @param cacheable whether an answer to the same question may be given again
 * @param budgets those of the caller's, such as its run's and agent's; the configuration adds its
 *     own
 * @param deadline for all of it: waiting, asking, asking again
 */
public record ModelCall(
    Origin origin,
    String model,
    List<Message> messages,
    List<ToolOffer> tools,
    Sampling sampling,
    AnswerFormat format,
    boolean stream,
    boolean cacheable,
    List<Budget> budgets,
    Instant deadline) {
  public ModelCall {
    messages = List.copyOf(messages);
    tools = List.copyOf(tools);
    budgets = List.copyOf(budgets);
  }
}
