package dev.capstan.agents.agent;

import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolOffer;
import dev.capstan.llm.chat.ToolRequest;
import java.util.List;
import java.util.Optional;

/** What an agent can do besides talking. */
interface Hands {
  /**
   * What its model is offered. Throws a {@link dev.capstan.kernel.Refusal} of {@code invalid_input}
   * for what there is not.
   */
  List<ToolOffer> offers();

  /** Whether the call must not be made twice. */
  boolean isOnce(ToolRequest request);

  /**
   * Does what the model wishes. Whatever goes wrong is told to the model; a {@link
   * dev.capstan.kernel.Refusal} ends the attempt.
   */
  Message.ToolResult use(Call call) throws InterruptedException;

  /**
   * All of this was wished in one breath, and each of it will be asked for with {@link #use} in
   * this order: what can be done ahead may be begun.
   */
  default void ahead(List<Call> calls) {}

  /** The attempt is over: what was begun ahead and not asked for ends. */
  default void stop() {}

  /** Takes note of what an earlier attempt did, in its order. */
  void recall(ToolRequest request);

  /** The agent's last word, when doing this was saying it. */
  Optional<String> lastWord(Message.ToolResult result);

  /** The agent's last word as far as it goes, when this call, which broke off, began to say it. */
  default Optional<String> begunWord(ToolRequest broken) {
    return Optional.empty();
  }

  static Message.ToolResult done(ToolRequest request, String content) {
    return new Message.ToolResult(request.id(), request.tool(), content, false);
  }

  static Message.ToolResult failed(ToolRequest request, String why) {
    return new Message.ToolResult(request.id(), request.tool(), why, true);
  }
}
