package dev.capstan.agents.agent;

import dev.capstan.agents.memory.Memory;
import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.engine.step.Toolbox;
import dev.capstan.llm.Gateway;
import dev.capstan.plan.ToolSpec;
import java.time.InstantSource;
import java.util.List;

/**
 * A tool that asks models. The gateway keeps a breaker for each of them: agents of one model do not
 * stop because another fails.
 */
public record ModelTool(Tool tool) implements Tool {
  /**
   * Both of them: {@code agent} and {@code manager}.
   *
   * @param toolbox what agents may be given to use
   * @param memory what they remember beyond one task; {@link Memory#NONE} for nothing
   */
  public static List<Tool> all(
      Gateway gateway, Toolbox toolbox, Memory memory, InstantSource clock) {
    AgentHouse house = new AgentHouse(gateway, toolbox, memory, clock);
    return List.of(AgentTool.of(house), ManagerTool.of(house));
  }

  /** Whether this is one of them. */
  public static boolean isNamed(String tool) {
    return tool.equals(AgentTool.NAME) || tool.equals(ManagerTool.NAME);
  }

  @Override
  public ToolSpec spec() {
    return tool.spec();
  }

  @Override
  public Outcome call(ToolCall call) throws InterruptedException {
    try {
      return tool.call(call);
    } catch (Unsettled unknown) {
      return unknown.outcome();
    }
  }

  @Override
  public boolean keepsBreakers() {
    return true;
  }
}
