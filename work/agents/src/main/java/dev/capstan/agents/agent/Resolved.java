package dev.capstan.agents.agent;

import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a person said about a call of which nobody knew whether it took effect.
 *
 * @param resolution {@code retry}, {@code complete} or {@code skip}
 * @param output what the call answered, when they know
 */
record Resolved(String resolution, @Nullable JsonNode output, String by) {
  private static final String DONE =
      "This call took effect: it broke off in the middle, and a person has looked. What it answered"
          + " is not known. Do not make it again.";
  private static final String LEFT_OUT =
      "this call broke off in the middle, nobody knows whether it took effect, and a person decided"
          + " to go on without it: do not count on it, and do not make it again";

  /** Whether it did not take effect, and is to be made now. */
  boolean isAgain() {
    return resolution.equals("retry");
  }

  /** What the model is told in the place of the tool's own answer. */
  Message.ToolResult told(ToolRequest request) {
    return switch (resolution) {
      case "complete" -> Hands.done(request, output == null ? DONE : ToolUse.shown(output));
      case "skip" -> Hands.failed(request, LEFT_OUT);
      default -> throw new IllegalStateException("'" + resolution + "' settles nothing");
    };
  }
}
