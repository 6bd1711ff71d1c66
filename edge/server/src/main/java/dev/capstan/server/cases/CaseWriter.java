package dev.capstan.server.cases;

import dev.capstan.agents.replay.Asked;
import dev.capstan.agents.replay.RecordedAnswer;
import dev.capstan.agents.replay.RecordedResult;
import dev.capstan.agents.replay.Recording;
import dev.capstan.engine.step.Outcome;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.document.YamlPage;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.ToolRequest;
import dev.capstan.llm.chat.Usage;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanCodec;
import dev.capstan.server.rehearsal.Script;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Writes a recorded run as a case that a person reads and edits. */
final class CaseWriter {
  private static final String HEAD =
      """
      # A recorded run. `capstan test` runs it again with no model, key or network, and checks what it asserts.
      # Edit what models say, what tools answer, the plan, the assertions: docs/agent-tests.md tells all fields.
      """;

  /** Longer ones are JSON, of which more is read. */
  private static final int LONGEST_YAML = 1_900_000;

  private CaseWriter() {}

  /** The page of a document that {@link #document} made. */
  static String page(ObjectNode document) {
    String page = HEAD + YamlPage.of(document);
    return page.length() <= LONGEST_YAML ? page : Json.pretty(document) + "\n";
  }

  /**
   * A case that asserts nothing yet.
   *
   * @param status how the run ended
   * @param played what was answered, each with the question
   */
  static ObjectNode document(Script script, Plan plan, String status, Recording played) {
    ObjectNode root = Json.object().put("format", Case.FORMAT).put("name", plan.header().name());
    root.putObject("recorded")
        .put("run", script.id().toString())
        .put("at", script.at().toString())
        .put("status", status);
    if (script.prompt() != null) {
      root.put("prompt", script.prompt());
    }
    root.set("inputs", script.inputs());
    root.set("plan", PlanCodec.encode(plan));
    ArrayNode answers = root.putArray("answers");
    played.answers().forEach(answer -> answers.add(answer(answer)));
    ArrayNode results = root.putArray("results");
    played.results().forEach(result -> results.add(result(result)));
    ArrayNode notes = Json.object().putArray("notes");
    played.notes().forEach(note -> notes.add(Json.valueOf(note)));
    if (!notes.isEmpty()) {
      root.set("notes", notes);
    }
    given(root, script.given());
    return root;
  }

  /** Adds what the run came to as what it must come to. */
  static void asserts(ObjectNode document, Facts facts) {
    ArrayNode asserts = document.putArray("asserts");
    JsonNode output = facts.output();
    if (!facts.status().equals("completed")) {
      asserts.addObject().put("status", facts.status());
    }
    if (output != null) {
      asserts.addObject().putObject("output").set("equals", output);
    }
    if (facts.cost().isPositive()) {
      asserts.addObject().putObject("cost").put("max", facts.cost().dollars());
    }
  }

  private static ObjectNode answer(RecordedAnswer answer) {
    ObjectNode node = Json.object().put("step", answer.step());
    if (answer.attempt() > 1) {
      node.put("attempt", answer.attempt());
    }
    Asked asked = answer.asked();
    if (asked != null) {
      node.put("agent", asked.agent()).put("turn", asked.turn()).put("asked", asked.text());
    }
    switch (answer.said()) {
      case RecordedAnswer.Fell fell -> node.set("failed", problem(fell.problem()));
      case RecordedAnswer.Spoke spoke -> {
        said(node, spoke.message());
        if (!spoke.finish().name().equals(usual(spoke.message()))) {
          node.put("finish", spoke.finish().wireName());
        }
        node.put("model", spoke.model()).put("provider", spoke.provider());
        node.set("usage", usage(spoke.usage()));
        if (!spoke.cost().equals(Money.ZERO)) {
          node.put("cost", spoke.cost().dollars());
        }
      }
    }
    return node;
  }

  private static String usual(Message.Assistant message) {
    return message.toolRequests().isEmpty() ? "STOP" : "TOOL_CALLS";
  }

  private static void said(ObjectNode node, Message.Assistant message) {
    if (!message.text().isEmpty() || message.toolRequests().isEmpty()) {
      node.put("says", message.text());
    }
    if (!message.toolRequests().isEmpty()) {
      ArrayNode calls = node.putArray("calls");
      for (ToolRequest request : message.toolRequests()) {
        ObjectNode call = calls.addObject().put("id", request.id()).put("tool", request.tool());
        call.set("arguments", asJson(request.arguments()));
      }
    }
  }

  /** JSON where writing it again gives the very text; the text otherwise. */
  private static JsonNode asJson(String arguments) {
    try {
      JsonNode value = Json.parse(arguments);
      return value.isObject() && Json.write(value).equals(arguments) ? value : Json.text(arguments);
    } catch (Refusal broken) {
      return Json.text(arguments);
    }
  }

  private static JsonNode usage(Usage usage) {
    ObjectNode node =
        Json.object().put("input", usage.inputTokens()).put("output", usage.outputTokens());
    put(node, "cached", usage.cachedInputTokens());
    put(node, "written", usage.cacheWriteTokens());
    put(node, "reasoning", usage.reasoningTokens());
    return node;
  }

  private static void put(ObjectNode node, String name, long tokens) {
    if (tokens > 0) {
      node.put(name, tokens);
    }
  }

  private static ObjectNode result(RecordedResult result) {
    ObjectNode node = Json.object().put("step", result.step());
    if (!result.call().isEmpty()) {
      node.put("call", result.call());
    }
    node.put("tool", result.tool());
    @Nullable JsonNode input = result.input();
    if (input != null) {
      node.set("input", input);
    }
    switch (result.outcome()) {
      case Outcome.Completed done -> node.set("output", done.output());
      case Outcome.Failed failed -> {
        ObjectNode problem = problem(failed.problem());
        if (failed.retryable()) {
          problem.put("again", true);
        }
        node.set("failed", problem);
      }
      case Outcome.Unknown unknown -> node.set("failed", problem(unknown.problem()));
    }
    return node;
  }

  private static ObjectNode problem(Problem problem) {
    return Json.object().put("code", problem.code().wireName()).put("detail", problem.detail());
  }

  private static void given(ObjectNode root, Script.Given given) {
    if (given.equals(Script.Given.NOTHING)) {
      return;
    }
    ObjectNode node = root.putObject("given");
    ArrayNode approvals = node.putArray("approvals");
    for (Script.Approval each : given.approvals()) {
      ObjectNode approval =
          approvals
              .addObject()
              .put("step", each.step())
              .put("approved", each.approved())
              .put("by", each.by());
      if (each.comment() != null) {
        approval.put("comment", each.comment());
      }
    }
    ArrayNode signals = node.putArray("signals");
    for (Script.Signal each : given.signals()) {
      ObjectNode signal = signals.addObject().put("name", each.name());
      if (!each.place().isEmpty()) {
        signal.put("within", each.place());
      }
      signal.set("payload", each.payload());
      if (each.by() != null) {
        signal.put("by", each.by());
      }
    }
  }
}
