package dev.capstan.agents.agent;

import dev.capstan.engine.step.Outcome;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.plan.ToolSpec;

/**
 * A tool that asks models. The gateway keeps a breaker for each of them: agents of one model do not
 * stop because another fails.
 */
record ModelTool(Tool tool) implements Tool {
  @Override
  public ToolSpec spec() {
    return tool.spec();
  }

  @Override
  public Outcome call(ToolCall call) throws InterruptedException {
    return tool.call(call);
  }

  @Override
  public boolean keepsBreakers() {
    return true;
  }
}
