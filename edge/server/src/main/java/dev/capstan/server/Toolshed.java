package dev.capstan.server;

import dev.capstan.engine.step.Tool;
import dev.capstan.server.settings.Settings;
import dev.capstan.server.store.Store;
import dev.capstan.tools.Delay;
import dev.capstan.tools.Echo;
import dev.capstan.tools.ToolRegistry;
import dev.capstan.tools.calculator.Calculator;
import dev.capstan.tools.http.HttpRules;
import dev.capstan.tools.http.HttpTools;
import dev.capstan.tools.todo.TodoTool;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/** The tools that this server offers. */
final class Toolshed {
  private Toolshed() {}

  static ToolRegistry tools(Settings settings, Store store, InstantSource clock) {
    List<Tool> tools = new ArrayList<>();
    tools.add(new Calculator());
    tools.add(new Echo());
    tools.add(new Delay(Thread::sleep));
    tools.add(new TodoTool(store.todos(), clock));
    Settings.Outside outside = settings.outside();
    tools.addAll(HttpTools.of(HttpRules.of(outside.allow(), outside.allowPrivate())));
    return ToolRegistry.of(tools);
  }
}
