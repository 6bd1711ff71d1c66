package dev.capstan.agents.crew;

import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Words that other tools for crews use, and what is written here instead. */
record Elsewhere(Map<String, String> words) {
  static final Elsewhere CREW =
      new Elsewhere(
          Map.of(
              "manager_agent", "write 'manager'",
              "manager_llm", "write 'manager' with a role, a goal and a 'model'",
              "crew", "agents and tasks stand at the top",
              "steps", "a crew has 'tasks'; a plan has 'steps'"));

  static final Elsewhere AGENT =
      new Elsewhere(
          Map.of(
              "llm", "write 'model'",
              "max_iter", "write 'limits: {max_turns: …}'",
              "max_turns", "write 'limits: {max_turns: …}'",
              "max_tokens", "write 'limits: {max_tokens: …}'",
              "cost_limit", "write 'limits: {cost_limit: …}'",
              "max_execution_time", "write 'limits: {max_time: …}'",
              "allow_delegation", "write 'process: hierarchical' and a 'manager'",
              "verbose", "run it with --watch"));

  static final Elsewhere TASK =
      new Elsewhere(
          Map.of(
              "async_execution", "write 'async'",
              "output_json", "write 'output_schema'",
              "output_pydantic", "write 'output_schema'",
              "depends_on", "write 'context'",
              "tools", "tools belong to the agent"));

  /** As {@link Reading#object}, with a better suggestion for a word that is known elsewhere. */
  boolean object(JsonNode value, At at, List<String> known, Reading reading) {
    List<String> all = new ArrayList<>(known);
    words.forEach((word, suggestion) -> {
      if (value.has(word)) {
        all.add(word);
        reading
            .findings()
            .addKey(at.field(word), "unknown field '" + word + "'", Optional.of(suggestion));
      }
    });
    return reading.object(value, at, all);
  }
}
