package dev.capstan.llm.provider.scripted;

import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.provider.FaultKind;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whom it answers, and what.
 *
 * @param times how often it may answer in this process; 0 for always
 * @param fault said instead of an answer, or after half of the text when {@code broken}
 */
record Rule(
    Match match,
    String say,
    List<ToolRequest> tools,
    @Nullable Long inputTokens,
    long cachedTokens,
    @Nullable Long outputTokens,
    Duration delay,
    @Nullable FaultKind fault,
    @Nullable Duration retryAfter,
    boolean broken,
    int times) {

  /**
   * All that is named must hold.
   *
   * @param text within the last that a person said, letters' case apart; empty for any
   * @param pattern found in the same
   * @param turn how often the model has spoken before, plus one; 0 for any
   * @param agent within the instructions; empty for any
   * @param model by name; empty for any
   * @param tool whose result was the last thing said; empty for any
   */
  record Match(
      String text, @Nullable Pattern pattern, int turn, String agent, String model, String tool) {
    boolean holds(Scenery scenery) {
      return scenery.saysToLastUser(text)
          && (pattern == null || pattern.matcher(scenery.lastUserText()).find())
          && (turn == 0 || turn == scenery.turn())
          && scenery.instructions().contains(agent)
          && (model.isEmpty() || model.equals(scenery.model()))
          && (tool.isEmpty() || tool.equals(scenery.lastTool()));
    }
  }
}
