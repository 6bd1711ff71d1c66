package dev.capstan.agents.agent;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.Message;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What bounds the cost of an agent's step, as its input says before it runs.
 *
 * @param agent its name in the ledger
 * @param model by the gateway's name
 * @param opening what it is told before its first turn
 * @param format of its answer
 * @param tools what it may use
 * @param turns answers of its model at most
 * @param tokens in and out, all turns but the last together
 * @param outputTokens of one answer; null for the model's own
 * @param costLimit of one task; null for what is configured
 * @param times how many tasks it may be given: several when a manager asks it
 */
public record AgentBounds(
    String agent,
    String model,
    List<Message> opening,
    AnswerFormat format,
    List<String> tools,
    int turns,
    long tokens,
    @Nullable Integer outputTokens,
    @Nullable Money costLimit,
    int times) {
  /** What its model is asked when it names none. */
  private static final String DEFAULT = "default";

  /** An answer, and one more when the first does not do. */
  private static final int TURNS_WITHOUT_TOOLS = 2;

  public AgentBounds {
    opening = List.copyOf(opening);
    tools = List.copyOf(tools);
  }

  /**
   * Of a step that calls this tool with this input: the agent, or the manager and then its workers.
   * Empty when the input is none for it.
   */
  public static List<AgentBounds> of(String tool, JsonNode input) {
    try {
      return tool.equals(AgentTool.NAME)
          ? List.of(of(Json.parse(Json.write(input), AgentTask.class)))
          : of(Json.parse(Json.write(input), ManagerTask.class));
    } catch (Refusal | IllegalArgumentException unfit) {
      return List.of();
    }
  }

  private static AgentBounds of(AgentTask task) {
    boolean acts = !task.offered().isEmpty();
    int turns = acts ? task.maxTurns() : Math.min(task.maxTurns(), TURNS_WITHOUT_TOOLS);
    return of(task, task.offered(), turns, 1);
  }

  private static AgentBounds of(AgentTask task, List<String> tools, int turns, int times) {
    return new AgentBounds(
        task.agent(),
        task.model() == null ? DEFAULT : task.model(),
        Briefing.of(task),
        new FinalAnswer(task.outputSchema()).format(),
        tools,
        turns,
        task.maxTokens(),
        task.maxOutputTokens(),
        task.costLimit(),
        times);
  }

  /** Asking a worker is what a manager has for a tool. */
  private static List<AgentBounds> of(ManagerTask task) {
    List<AgentBounds> all = new ArrayList<>();
    AgentTask own = task.own();
    all.add(of(own, task.names(), own.maxTurns(), 1));
    for (Worker worker : task.workers()) {
      AgentTask piece = worker.at(new Assignment("", null, null, null));
      AgentBounds once = of(piece);
      all.add(of(piece, once.tools(), once.turns(), task.most()));
    }
    return all;
  }
}
