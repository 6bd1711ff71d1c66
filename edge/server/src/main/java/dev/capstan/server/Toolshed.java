package dev.capstan.server;

import dev.capstan.agents.agent.ModelTool;
import dev.capstan.agents.memory.Memory;
import dev.capstan.engine.step.Tool;
import dev.capstan.llm.Gateway;
import dev.capstan.server.settings.Settings;
import dev.capstan.server.store.Store;
import dev.capstan.server.store.Time;
import dev.capstan.tools.Delay;
import dev.capstan.tools.Echo;
import dev.capstan.tools.ToolRegistry;
import dev.capstan.tools.calculator.Calculator;
import dev.capstan.tools.http.HttpRules;
import dev.capstan.tools.http.HttpTools;
import dev.capstan.tools.todo.TodoTool;
import java.util.ArrayList;
import java.util.List;

/** The tools that this server offers. */
final class Toolshed {
  private Toolshed() {}

  static ToolRegistry tools(
      Settings settings, Store store, Time time, Gateway gateway, Memory memory) {
    List<Tool> tools = new ArrayList<>();
    tools.add(new Calculator());
    tools.add(new Echo());
    tools.add(new Delay(time.pause()));
    tools.add(new TodoTool(store.todos(), time.clock()));
    Settings.Outside outside = settings.outside();
    tools.addAll(HttpTools.of(HttpRules.of(outside.allow(), outside.allowPrivate())));
    // What agents may use is what there is besides themselves: none calls another as a tool.
    ToolRegistry plain = ToolRegistry.of(tools);
    return plain.with(ModelTool.all(gateway, plain, memory, time.clock()));
  }
}
