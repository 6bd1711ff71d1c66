package dev.capstan.engine.step;

import dev.capstan.plan.ToolCatalog;
import java.util.Optional;

/**
 * The tools of this process, by name. Implementations check inputs against schemas before a call.
 */
public interface Toolbox extends ToolCatalog {
  Optional<Tool> tool(String name);
}
