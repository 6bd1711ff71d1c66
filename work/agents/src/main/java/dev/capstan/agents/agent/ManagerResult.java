package dev.capstan.agents.agent;

import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a manager had done.
 *
 * @param text its answer in words
 * @param output the same as JSON, when a schema was given
 * @param agent the manager
 * @param finish why it ended where it does, when that is not its end
 * @param turns of the manager
 * @param delegations what it gave to whom, in order
 * @param cost in dollars, the workers' included, as far as the answers say; the ledger's rows are
 *     the truth
 */
record ManagerResult(
    String text,
    @Nullable JsonNode output,
    String agent,
    String model,
    @Nullable String finish,
    int turns,
    List<Delegated> delegations,
    long inputTokens,
    long outputTokens,
    String cost) {
  /**
   * @param turns of the worker
   */
  record Delegated(int number, String agent, String task, int turns) {}
}
