package dev.capstan.agents.agent;

import dev.capstan.engine.step.Outcome;
import dev.capstan.llm.chat.ToolRequest;

/**
 * Ends an attempt: an earlier one had begun a call that must not be made twice, and nobody knows
 * whether it took effect. Only a person can say, see {@link Resolved}.
 */
final class Unsettled extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 500;

  private final String key;
  private final String call;

  private Unsettled(String key, String call) {
    super("nobody knows whether this took effect: " + call, null, false, false);
    this.key = key;
    this.call = call;
  }

  static Unsettled of(ToolRequest request) {
    String call = request.tool() + " " + request.arguments();
    return new Unsettled(
        Conversation.RESOLVED, call.length() <= LONGEST ? call : call.substring(0, LONGEST) + "…");
  }

  /** The same as the step sees it of which that agent does a piece. */
  Unsettled within(Delegation piece) {
    return new Unsettled(
        Within.key(Integer.toString(piece.number()), key),
        "delegation " + piece.number() + ", " + piece.task().agent() + ": " + call);
  }

  Outcome.Unknown outcome() {
    return new Outcome.Unknown(key, call);
  }
}
