package dev.capstan.agents.crew;

import dev.capstan.agents.agent.ModelTool;
import dev.capstan.agents.memory.Memory;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.time.ManualTimers;
import dev.capstan.llm.Gateway;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Patience;
import dev.capstan.llm.Told;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.plan.Effect;
import dev.capstan.plan.PlanReader;
import dev.capstan.plan.ToolSpec;
import dev.capstan.tools.ToolRegistry;
import dev.capstan.tools.Tools;
import java.util.List;

/** Reads crews against the tools there are; nobody is asked anything. */
final class CrewRig {
  private static final class Silent implements Gateway {
    @Override
    public Told ask(ModelCall call, DeltaSink sink, Patience.WaitListener listener) {
      throw new AssertionError("reading a crew asks nobody");
    }

    @Override
    public List<String> models() {
      return List.of("default", "large");
    }
  }

  static final ToolRegistry TOOLS = tools();
  static final CrewReader READER = new CrewReader(TOOLS, new Silent().models());

  private CrewRig() {}

  private static ToolRegistry tools() {
    ToolRegistry plain = ToolRegistry.of(tool("calculator"), tool("todo"));
    return plain.with(ModelTool.all(new Silent(), plain, Memory.NONE, new ManualTimers()));
  }

  private static dev.capstan.engine.step.Tool tool(String name) {
    return Tools.of(
        new ToolSpec(name, name, Json.object(), Json.object(), Effect.PURE), call -> Json.object());
  }

  static PlanReader.Read read(String crew) {
    return READER.read(crew);
  }
}
