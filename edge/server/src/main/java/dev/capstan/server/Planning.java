package dev.capstan.server;

import dev.capstan.agents.Planner;
import dev.capstan.agents.pattern.PatternPlanner;
import dev.capstan.agents.planner.HybridPlanner;
import dev.capstan.agents.planner.ModelPlanner;
import dev.capstan.llm.Gateway;
import dev.capstan.plan.ToolCatalog;
import dev.capstan.server.settings.Settings;
import java.time.InstantSource;

/** Puts together who makes plans of prompts, as it is configured. */
final class Planning {
  private Planning() {}

  static Planner planner(
      Settings.Planning wish, Gateway gateway, ToolCatalog tools, InstantSource clock) {
    Planner patterns = new PatternPlanner();
    String model = wish.model();
    if (model == null) {
      return patterns;
    }
    Planner asking = new ModelPlanner(gateway, model, tools, clock);
    return switch (wish.order()) {
      case AUTO -> new HybridPlanner(patterns, asking);
      case PATTERN -> patterns;
      case MODEL -> new HybridPlanner(asking, patterns);
    };
  }
}
