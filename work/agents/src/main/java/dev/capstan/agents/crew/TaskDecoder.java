package dev.capstan.agents.crew;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Reading;
import dev.capstan.kernel.document.Spelling;
import dev.capstan.tools.SchemaCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads one task. */
final class TaskDecoder {
  private static final List<String> FIELDS =
      List.of(
          "id",
          "description",
          "expected_output",
          "agent",
          "context",
          "async",
          "human_input",
          "output_schema",
          "when",
          "retry",
          "timeout",
          "priority");

  private final Reading reading;
  private final Findings findings;
  private final List<String> agents;
  private final boolean managed;

  /**
   * @param agents those who may be given a task, by name
   * @param managed whether a manager gives tasks that are nobody's to somebody
   */
  TaskDecoder(Reading reading, List<String> agents, boolean managed) {
    this.reading = reading;
    this.findings = reading.findings();
    this.agents = agents;
    this.managed = managed;
  }

  /** The task; {@code before} are the ids of those that stand before it, {@code all} of all. */
  CrewTask decode(Named named, List<String> before, List<String> all) {
    ObjectNode node = named.value();
    At at = named.at();
    Elsewhere.TASK.object(node, at, FIELDS, reading);
    String description = reading.text(node.get("description"), at.field("description"));
    if (description == null || description.isBlank()) {
      findings.add(at, "the task has no description");
    }
    ObjectNode step = Json.object();
    for (String field : CrewTask.OF_STEP) {
      if (node.has(field)) {
        step.set(field, node.path(field));
      }
    }
    return new CrewTask(
        named.name(),
        at,
        agent(node, at),
        description == null ? "" : description,
        reading.text(node.get("expected_output"), at.field("expected_output")),
        context(node.get("context"), at.field("context"), before, all),
        reading.truth(node.get("async"), at.field("async"), false),
        reading.truth(node.get("human_input"), at.field("human_input"), false),
        schema(node.get("output_schema"), at.field("output_schema")),
        step);
  }

  private @Nullable String agent(ObjectNode node, At at) {
    String agent = reading.text(node.get("agent"), at.field("agent"));
    if (agent == null) {
      if (node.get("agent") == null && !managed) {
        findings.add(
            at,
            "the task is nobody's: it names no agent",
            Optional.of("name one of " + String.join(", ", agents)));
      }
    } else if (!agents.contains(agent)) {
      findings.add(
          at.field("agent"),
          "there is no agent '" + Reading.shortened(agent) + "'",
          Spelling.suggestion(agent, agents));
    }
    return agent;
  }

  private @Nullable List<String> context(
      @Nullable JsonNode value, At at, List<String> before, List<String> all) {
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isArray()) {
      reading.wrong(value, at, "a list of tasks");
      return null;
    }
    List<String> context = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      String task = reading.text(value.get(i), at.item(i));
      if (task == null) {
        continue;
      }
      if (!all.contains(task)) {
        findings.add(
            at.item(i),
            "there is no task '" + Reading.shortened(task) + "'",
            Spelling.suggestion(task, all));
      } else if (!before.contains(task)) {
        findings.add(
            at.item(i),
            "the task '" + task + "' does not come before this one",
            Optional.of("put it further up"));
      } else if (context.contains(task)) {
        findings.add(at.item(i), "the task is named twice");
      }
      context.add(task);
    }
    return context;
  }

  private @Nullable JsonNode schema(@Nullable JsonNode value, At at) {
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isObject()) {
      reading.wrong(value, at, "a JSON schema");
      return null;
    }
    try {
      SchemaCheck.of(value);
    } catch (IllegalArgumentException broken) {
      findings.add(at, String.valueOf(broken.getMessage()));
    }
    return value;
  }
}
