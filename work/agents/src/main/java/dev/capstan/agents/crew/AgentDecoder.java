package dev.capstan.agents.crew;

import dev.capstan.agents.agent.ModelTool;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Reading;
import dev.capstan.kernel.document.Spelling;
import dev.capstan.plan.ToolCatalog;
import dev.capstan.plan.ToolSpec;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reads one agent. */
final class AgentDecoder {
  static final List<String> FIELDS =
      List.of("role", "goal", "backstory", "model", "tools", "limits", "memory", "sampling");
  private static final List<String> LIMITS =
      List.of("max_turns", "max_tokens", "max_output_tokens", "keep_cut", "cost_limit", "max_time");

  private static final String DEFAULT = "default";
  private static final int MOST_TURNS = 200;

  private final Reading reading;
  private final Findings findings;
  private final List<String> tools;
  private final List<String> models;

  /**
   * @param models those there are; empty when that is not known
   */
  AgentDecoder(Reading reading, ToolCatalog tools, List<String> models) {
    this.reading = reading;
    this.findings = reading.findings();
    this.tools =
        tools.specs().stream()
            .map(ToolSpec::name)
            .filter(name -> !ModelTool.isNamed(name))
            .toList();
    this.models = models;
  }

  /** The agent; its other fields must have been looked at. */
  CrewAgent decode(Named named) {
    JsonNode node = named.value();
    At at = named.at();
    ObjectNode brief = Json.object().put("name", named.name());
    for (String field : CrewAgent.TEXTS) {
      String text = reading.text(node.get(field), at.field(field));
      if (text != null) {
        brief.put(field, text);
      }
    }
    required(node, at, "role");
    required(node, at, "goal");
    model(brief, at);
    ArrayNode offered = tools(node.get("tools"), at.field("tools"));
    if (!offered.isEmpty()) {
      brief.set("tools", offered);
    }
    ObjectNode limits = limits(node.get("limits"), at.field("limits"));
    if (!limits.isEmpty()) {
      brief.set("limits", limits);
    }
    // What these may hold is the tool's to say: its schema checks it in the plan.
    for (String field : List.of("memory", "sampling")) {
      JsonNode wish = node.get(field);
      if (wish != null && !wish.isNull()) {
        brief.set(field, wish);
      }
    }
    JsonNode maxTime = node.path("limits").get("max_time");
    reading.positive(maxTime, at.field("limits").field("max_time"));
    return new CrewAgent(named.name(), at, brief, maxTime);
  }

  private void required(JsonNode node, At at, String field) {
    JsonNode value = node.get(field);
    if (value == null || value.isNull()) {
      findings.add(at, "the agent has no " + field);
    } else if (value.isString() && value.stringValue().isBlank()) {
      findings.add(at.field(field), "this is empty");
    }
  }

  private void model(ObjectNode brief, At at) {
    String name = brief.path("model").asString(DEFAULT);
    if (models.isEmpty() || models.contains(name) || name.contains("${")) {
      return;
    }
    if (brief.has("model")) {
      findings.add(
          at.field("model"),
          "there is no model '" + Reading.shortened(name) + "'",
          Optional.of(
              Spelling.suggestion(name, models).orElse("there are: " + String.join(", ", models))));
    } else {
      findings.add(
          at,
          "the agent names no model, and none is called 'default'",
          Optional.of("write model: " + models.getFirst() + ", or configure one called 'default'"));
    }
  }

  private ArrayNode tools(@Nullable JsonNode value, At at) {
    ArrayNode offered = Json.mapper().createArrayNode();
    if (value == null || value.isNull()) {
      return offered;
    }
    if (!value.isArray()) {
      reading.wrong(value, at, "a list of tools");
      return offered;
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      String name = reading.text(value.get(i), at.item(i));
      if (name == null) {
        continue;
      }
      if (!tools.contains(name)) {
        findings.add(
            at.item(i),
            ModelTool.isNamed(name)
                ? "an agent is no tool of another"
                : "unknown tool '" + Reading.shortened(name) + "'",
            Spelling.suggestion(name, tools));
      } else if (names.contains(name)) {
        findings.add(at.item(i), "the tool is named twice");
      }
      names.add(name);
    }
    names.forEach(offered::add);
    return offered;
  }

  private ObjectNode limits(@Nullable JsonNode value, At at) {
    ObjectNode limits = Json.object();
    if (value == null || value.isNull() || !reading.object(value, at, LIMITS)) {
      return limits;
    }
    integer(value, at, "max_turns", MOST_TURNS, limits);
    integer(value, at, "max_tokens", Integer.MAX_VALUE, limits);
    integer(value, at, "max_output_tokens", Integer.MAX_VALUE, limits);
    if (value.has("keep_cut")) {
      limits.put("keep_cut", reading.truth(value.get("keep_cut"), at.field("keep_cut"), false));
    }
    JsonNode cost = value.get("cost_limit");
    if (cost != null) {
      boolean dollars =
          cost.isNumber()
              && Json.fits(cost.decimalValue())
              && cost.decimalValue().signum() > 0
              && cost.decimalValue().compareTo(BigDecimal.valueOf(1_000_000)) <= 0;
      if (dollars) {
        limits.set("cost_limit", cost);
      } else {
        reading.wrong(cost, at.field("cost_limit"), "dollars, more than 0 and at most 1,000,000");
      }
    }
    return limits;
  }

  private void integer(JsonNode from, At at, String field, int most, ObjectNode to) {
    if (from.has(field)) {
      to.put(field, reading.integer(from.get(field), at.field(field), 1, most, 1));
    }
  }
}
