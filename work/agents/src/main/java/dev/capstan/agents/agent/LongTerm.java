package dev.capstan.agents.agent;

import dev.capstan.agents.memory.Memory;
import dev.capstan.agents.memory.MemoryGroup;
import dev.capstan.agents.memory.Query;
import dev.capstan.agents.memory.Recalled;
import dev.capstan.agents.memory.Writing;
import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.engine.step.Toolbox;
import dev.capstan.plan.ToolSpec;
import dev.capstan.tools.ToolRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One agent at work and its group's memory: its own tools, what comes with the task, its answer.
 */
final class LongTerm {
  private static final int LONGEST_TASK = 1_000;

  private final AgentTask task;
  private final ToolCall step;
  private final Memory memory;
  private final InstantSource clock;
  private final @Nullable MemoryGroup group;

  LongTerm(AgentTask task, ToolCall step, AgentHouse house) {
    this.task = task;
    this.step = step;
    this.memory = house.memory();
    this.clock = house.clock();
    this.group = group(task, step);
  }

  private static @Nullable MemoryGroup group(AgentTask task, ToolCall step) {
    MemoryWish wish = task.memory();
    if (wish == null || !wish.isLasting()) {
      return null;
    }
    String name = wish.group() == null ? task.agent() : wish.group();
    return new MemoryGroup(step.tenant(), name);
  }

  /** What the agent can do: use what it is given, and its memory if it has any. */
  Hands hands(AgentHouse house) {
    Toolbox toolbox =
        group == null
            ? house.toolbox()
            : new Both(
                ToolRegistry.of(MemoryTools.of(memory, group, clock)),
                house.toolbox(),
                Memory.NONE.equals(memory));
    return new ToolUse(toolbox, offered(), step);
  }

  private List<String> offered() {
    List<String> offered = new ArrayList<>(task.offered());
    if (group != null) {
      MemoryTools.NAMES.stream().filter(name -> !offered.contains(name)).forEach(offered::add);
    }
    return offered;
  }

  /** What comes to mind of the task; null when nothing shall. */
  @Nullable List<Recalled> recall() {
    int most = task.memory() == null ? 0 : task.memory().recalls();
    if (group == null || most == 0) {
      return null;
    }
    String text = Notes.shortened(task.task(), Writing.LONGEST_TEXT - 100);
    return text.isBlank()
        ? List.of()
        : memory.recall(group, new Query(text, most), clock.instant());
  }

  /**
   * Remembers the answer, if it shall: once, however often the step is attempted.
   *
   * @param turns which it took: whoever is asked again has another answer
   */
  void remember(String answer, int turns) {
    if (group == null || task.memory() == null || !task.memory().remembers() || answer.isBlank()) {
      return;
    }
    String asked = "Task: " + Notes.shortened(task.task().strip(), LONGEST_TASK) + "\nAnswer: ";
    String text =
        asked + Notes.shortened(answer.strip(), Writing.LONGEST_TEXT - asked.length() - 100);
    memory.write(
        group,
        new Writing(
            step.idempotencyKey() + "/answer/" + turns,
            text,
            Writing.USUAL,
            MemoryTools.source(task.agent(), step)),
        clock.instant());
  }

  /**
   * The agent's own tools before the others.
   *
   * @param recorded whether what the own ones did is known to the others
   */
  private record Both(ToolRegistry own, Toolbox given, boolean recorded) implements Toolbox {
    @Override
    public Optional<Tool> tool(String name) {
      return recorded
          ? given.tool(name).or(() -> own.tool(name))
          : own.tool(name).or(() -> given.tool(name));
    }

    @Override
    public Optional<ToolSpec> spec(String name) {
      return own.spec(name).or(() -> given.spec(name));
    }

    @Override
    public List<ToolSpec> specs() {
      List<ToolSpec> specs = new ArrayList<>(own.specs());
      given.specs().stream().filter(spec -> own.spec(spec.name()).isEmpty()).forEach(specs::add);
      return specs;
    }
  }
}
