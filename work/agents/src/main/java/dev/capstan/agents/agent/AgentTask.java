package dev.capstan.agents.agent;

import dev.capstan.kernel.Money;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Who works on what, as a step's input says it.
 *
 * @param name the agent's, for costs and traces; its role when absent
 * @param role who the model is to be, such as {@code release engineer}
 * @param goal what it is after, whatever the task
 * @param backstory what makes it good at that
 * @param model a name of the gateway's configuration; its default when absent
 * @param tools names of tools that it may ask for
 * @param task what to do now
 * @param expectedOutput what a good answer looks like
 * @param context what others have found before, as texts or JSON
 * @param outputSchema JSON Schema of the answer, when it is to be JSON
 */
record AgentTask(
    @Nullable String name,
    String role,
    String goal,
    @Nullable String backstory,
    @Nullable String model,
    @Nullable List<String> tools,
    String task,
    @Nullable String expectedOutput,
    @Nullable List<JsonNode> context,
    @Nullable JsonNode outputSchema,
    @Nullable Limits limits,
    @Nullable MemoryWish memory,
    @Nullable SamplingWish sampling) {
  private static final int TURNS = 20;
  private static final int LONGEST_NAME = 100;
  private static final int MOST_TURNS = 200;
  private static final long TOKENS = 200_000;

  /**
   * What bounds it.
   *
   * @param maxTurns answers of the model, 1 to 200; 20 when absent
   * @param maxTokens in and out, all turns together; 200,000 when absent
   * @param costLimit in dollars; the configuration's when absent
   * @param maxOutputTokens of one answer; the model's when absent
   * @param keepCut whether an answer that is cut off there is the answer, as far as it goes; when
   *     absent it is not
   */
  record Limits(
      @Nullable Integer maxTurns,
      @Nullable Long maxTokens,
      @Nullable BigDecimal costLimit,
      @Nullable Integer maxOutputTokens,
      @Nullable Boolean keepCut) {}

  /** Who it is in costs and traces: short, and on one line, whatever was written. */
  String agent() {
    String who = (name == null ? role : name).replaceAll("[\\p{Cc}\\p{Cs}]+", " ").strip();
    int characters = who.codePointCount(0, who.length());
    String bounded =
        characters <= LONGEST_NAME
            ? who
            : who.substring(0, who.offsetByCodePoints(0, LONGEST_NAME));
    return bounded.isEmpty() ? "agent" : bounded;
  }

  List<String> offered() {
    return tools == null ? List.of() : tools;
  }

  int maxTurns() {
    Integer wanted = limits == null ? null : limits.maxTurns();
    return wanted == null ? TURNS : Math.clamp(wanted, 1, MOST_TURNS);
  }

  long maxTokens() {
    Long wanted = limits == null ? null : limits.maxTokens();
    return wanted == null ? TOKENS : wanted;
  }

  @Nullable Integer maxOutputTokens() {
    return limits == null ? null : limits.maxOutputTokens();
  }

  boolean keepsCut() {
    return limits != null && Boolean.TRUE.equals(limits.keepCut());
  }

  @Nullable Money costLimit() {
    BigDecimal wanted = limits == null ? null : limits.costLimit();
    return wanted == null ? null : Money.dollars(wanted);
  }
}
