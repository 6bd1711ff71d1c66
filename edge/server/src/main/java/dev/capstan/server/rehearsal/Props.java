package dev.capstan.server.rehearsal;

import dev.capstan.agents.agent.ModelTool;
import dev.capstan.agents.memory.Memory;
import dev.capstan.agents.replay.RecordedGateway;
import dev.capstan.agents.replay.RecordedToolbox;
import dev.capstan.agents.replay.Recording;
import dev.capstan.agents.replay.Tape;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.Toolbox;
import dev.capstan.kernel.RunId;
import dev.capstan.llm.Gateway;
import dev.capstan.plan.ToolCatalog;
import dev.capstan.tools.Delay;
import dev.capstan.tools.Echo;
import dev.capstan.tools.ToolRegistry;
import dev.capstan.tools.calculator.Calculator;
import dev.capstan.tools.http.HttpRules;
import dev.capstan.tools.http.HttpTools;
import dev.capstan.tools.todo.MemoryTodoStore;
import dev.capstan.tools.todo.TodoTool;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The tools of a rehearsal: they look like the real ones and touch nothing. */
public final class Props {
  private Props() {}

  /** The tools that every Capstan has, for their schemas. Only pure ones are ever called. */
  static ToolRegistry known(InstantSource clock) {
    List<Tool> tools = new ArrayList<>();
    tools.add(new Calculator());
    tools.add(new Echo());
    tools.add(new Delay(time -> {}));
    tools.add(new TodoTool(new MemoryTodoStore(), clock));
    tools.addAll(HttpTools.of(HttpRules.of("", "")));
    return ToolRegistry.of(tools);
  }

  static Toolbox of(Tape tape, Function<RunId, String> place, InstantSource clock) {
    return new RecordedToolbox(
        known(clock), tape, place, box -> asking(new RecordedGateway(tape, place), box, clock));
  }

  private static List<Tool> asking(Gateway gateway, Toolbox box, InstantSource clock) {
    ToolRegistry checked = ToolRegistry.of(ModelTool.all(gateway, box, Memory.NONE, clock));
    return checked.specs().stream().flatMap(spec -> checked.tool(spec.name()).stream()).toList();
  }

  /** What a plan may call when this was recorded of it. */
  public static ToolCatalog catalog(Recording recording) {
    return of(new Tape(recording), run -> "", () -> Instant.EPOCH);
  }
}
