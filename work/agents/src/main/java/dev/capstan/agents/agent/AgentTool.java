package dev.capstan.agents.agent;

import dev.capstan.agents.memory.Memory;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.Toolbox;
import dev.capstan.llm.Gateway;
import dev.capstan.tools.Tools;
import java.time.InstantSource;

/**
 * The tool {@code agent}: a model in a role that works on a task. A step of it survives a crash at
 * any point and goes on at the same turn.
 */
public final class AgentTool {
  public static final String NAME = "agent";

  private AgentTool() {}

  /**
   * Agents that remember nothing beyond their task.
   *
   * @param toolbox what agents may be given to use
   */
  public static Tool of(Gateway gateway, Toolbox toolbox, InstantSource clock) {
    return of(gateway, toolbox, Memory.NONE, clock);
  }

  /**
   * @param memory what agents remember beyond one task
   */
  public static Tool of(Gateway gateway, Toolbox toolbox, Memory memory, InstantSource clock) {
    AgentHouse house = new AgentHouse(gateway, toolbox, memory, clock);
    return new ModelTool(
        Tools.idempotent(
            NAME,
            "A model in a role that works on a task with tools until it has an answer.",
            AgentTask.class,
            AgentResult.class,
            (task, call) -> new AgentLoop(task, call, house).run()));
  }
}
