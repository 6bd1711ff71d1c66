package dev.capstan.tools;

import dev.capstan.engine.step.Tool;
import dev.capstan.engine.step.Toolbox;
import dev.capstan.plan.ToolSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The tools of a process, by name; immutable. Every tool that it hands out checks its input before
 * a call ({@code invalid_input}) and its output after it ({@code tool_failed}, not retried: a wrong
 * output is the tool's defect).
 */
public final class ToolRegistry implements Toolbox {
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,63}");

  private final Map<String, CheckedTool> tools;
  private final List<ToolSpec> specs;

  private ToolRegistry(Map<String, CheckedTool> tools) {
    this.tools = Map.copyOf(tools);
    this.specs = tools.values().stream().map(CheckedTool::spec).toList();
  }

  /** Throws as {@link #of(Collection)} does. */
  public static ToolRegistry of(Tool... tools) {
    return of(List.of(tools));
  }

  /**
   * Throws {@link IllegalArgumentException} for two tools of one name, a name that no step could
   * use, and a schema that is none.
   */
  public static ToolRegistry of(Collection<? extends Tool> tools) {
    Map<String, CheckedTool> byName = new TreeMap<>();
    for (Tool tool : tools) {
      String name = tool.spec().name();
      if (!NAME.matcher(name).matches()) {
        throw new IllegalArgumentException(
            "'" + name + "' is no tool's name: a letter, then letters, digits and . _ -");
      }
      if (byName.put(name, checked(tool)) != null) {
        throw new IllegalArgumentException("two tools are called " + name);
      }
    }
    return new ToolRegistry(byName);
  }

  private static CheckedTool checked(Tool tool) {
    try {
      return new CheckedTool(tool);
    } catch (IllegalArgumentException broken) {
      throw new IllegalArgumentException(
          "the tool " + tool.spec().name() + ": " + broken.getMessage(), broken);
    }
  }

  /** These and others; throws as {@link #of(Collection)} does. */
  public ToolRegistry with(Collection<? extends Tool> more) {
    List<Tool> all = new ArrayList<>(tools.values().stream().map(CheckedTool::unchecked).toList());
    all.addAll(more);
    return of(all);
  }

  @Override
  public Optional<Tool> tool(String name) {
    return Optional.ofNullable(tools.get(name));
  }

  @Override
  public Optional<ToolSpec> spec(String name) {
    return Optional.ofNullable(tools.get(name)).map(CheckedTool::spec);
  }

  @Override
  public List<ToolSpec> specs() {
    return specs;
  }
}
