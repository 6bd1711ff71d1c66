package dev.capstan.agents.agent;

import dev.capstan.engine.step.Tool;
import dev.capstan.tools.Tools;

/**
 * The tool {@code agent}: a model in a role that works on a task. A step of it survives a crash at
 * any point and goes on at the same turn.
 */
public final class AgentTool {
  public static final String NAME = "agent";

  private AgentTool() {}

  static Tool of(AgentHouse house) {
    return new ModelTool(
        Tools.idempotent(
            NAME,
            "A model in a role that works on a task with tools until it has an answer.",
            AgentTask.class,
            AgentResult.class,
            (task, call) -> new AgentLoop(task, call, house).run()));
  }
}
