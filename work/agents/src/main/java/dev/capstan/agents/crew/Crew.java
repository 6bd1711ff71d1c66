package dev.capstan.agents.crew;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A crew as it was written. What stands in its texts, and whether its steps fit together, is known
 * once it is a plan.
 *
 * @param plan what the plan takes as it is: name, inputs, outputs, bounds
 * @param manager who leads; null when each task goes to its own agent
 * @param maxDelegations how often a manager may ask somebody for one task
 */
record Crew(
    ObjectNode plan,
    List<CrewAgent> agents,
    @Nullable CrewAgent manager,
    int maxDelegations,
    List<CrewTask> tasks) {
  /** How the work is shared out. */
  enum Sharing {
    /** Each task is its agent's, one after the other. */
    SEQUENTIAL,
    /** A manager has each task done by whom it chooses. */
    HIERARCHICAL
  }

  /** What the plan takes as it is. */
  static final List<String> OF_PLAN =
      List.of(
          "name",
          "description",
          "inputs",
          "outputs",
          "max_parallel",
          "deadline",
          "allow_partial_completion");

  CrewAgent agent(@Nullable String name) {
    return agents.stream()
        .filter(agent -> agent.name().equals(name))
        .findFirst()
        .orElse(CrewAgent.NOBODY);
  }
}
