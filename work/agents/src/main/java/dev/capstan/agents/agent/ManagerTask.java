package dev.capstan.agents.agent;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a manager is to have done, and by whom, as a step's input says it.
 *
 * @param manager who leads; it has no tools but asking its workers
 * @param workers whom it may ask, by different names, and none by the manager's
 * @param task what is to be done now
 * @param expectedOutput what a good answer looks like
 * @param context what others have found before, as texts or JSON
 * @param outputSchema JSON Schema of the answer, when it is to be JSON
 * @param maxDelegations how often it may ask anybody, 1 to 100; 10 when absent
 */
record ManagerTask(
    Worker manager,
    List<Worker> workers,
    String task,
    @Nullable String expectedOutput,
    @Nullable List<JsonNode> context,
    @Nullable JsonNode outputSchema,
    @Nullable Integer maxDelegations) {
  private static final int DELEGATIONS = 10;
  private static final int MOST = 100;

  int most() {
    return maxDelegations == null ? DELEGATIONS : Math.clamp(maxDelegations, 1, MOST);
  }

  AgentTask own() {
    return manager.at(new Assignment(task, expectedOutput, context, outputSchema));
  }

  List<String> names() {
    return workers.stream().map(Worker::name).toList();
  }

  /** What is wrong with it beyond its form; empty when nothing is. */
  String mistake() {
    if (workers.isEmpty()) {
      return "the manager has nobody to ask";
    }
    if (manager.tools() != null && !manager.tools().isEmpty()) {
      return "the manager has no tools but asking its workers; give them to one of these";
    }
    Set<String> taken = new HashSet<>(Set.of(manager.name()));
    for (Worker worker : workers) {
      if (!taken.add(worker.name())) {
        return "two of the crew are called '" + worker.name() + "'";
      }
    }
    return "";
  }
}
