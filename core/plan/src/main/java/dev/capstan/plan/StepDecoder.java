package dev.capstan.plan;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Durations;
import dev.capstan.kernel.document.Reading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One step of a document. */
final class StepDecoder {
  private static final List<String> ACTIONS =
      List.of("tool", "wait", "approval", "signal", "plan", "loop");
  private static final Set<String> WITH_INPUT = Set.of("tool", "plan", "loop");
  private static final Set<String> FIELDS =
      Set.of(
          "id",
          "tool",
          "wait",
          "approval",
          "signal",
          "plan",
          "loop",
          "input",
          "depends_on",
          "when",
          "foreach",
          "retry",
          "timeout",
          "heartbeat",
          "compensate",
          "priority");
  private static final Set<String> LOOP_FIELDS = Set.of("plan", "until", "max_iterations");
  private static final Set<String> FOREACH_FIELDS = Set.of("items", "max_concurrency");
  private static final Set<String> RETRY_FIELDS =
      Set.of("max_retries", "strategy", "base_delay", "max_delay", "jitter");
  private static final Set<String> COMPENSATE_FIELDS = Set.of("tool", "input");
  private static final int MOST_ITERATIONS = 1_000_000;

  private final Reading reading;
  private final ExpressionReading expressions;
  private final Nested nested;

  /** Reads a plan within a plan. */
  interface Nested {
    Plan read(JsonNode document, At at, int level);
  }

  StepDecoder(Reading reading, Nested nested) {
    this.reading = reading;
    this.expressions = new ExpressionReading(reading);
    this.nested = nested;
  }

  @Nullable StepDraft decode(JsonNode node, At at, int level) {
    if (!reading.object(node, at, FIELDS)) {
      return null;
    }
    String id = reading.text(node.get("id"), at.field("id"));
    if (node.get("id") == null) {
      reading.findings().add(at, "the step has no id");
    }
    StepDraft draft = new StepDraft(at, id == null ? "?" : id, action(node, at, level));
    draft.after.addAll(dependsOn(node.get("depends_on"), at.field("depends_on")));
    draft.when = expressions.guard(node.get("when"), at.field("when"));
    draft.foreach = foreach(node.get("foreach"), at.field("foreach"));
    draft.retry = retry(node.get("retry"), at.field("retry"));
    draft.timeout = reading.positive(node.get("timeout"), at.field("timeout"));
    draft.heartbeat = reading.positive(node.get("heartbeat"), at.field("heartbeat"));
    draft.compensate = compensate(node.get("compensate"), at.field("compensate"));
    draft.priority = reading.integer(node.get("priority"), at.field("priority"), -100, 100, 0);
    return draft;
  }

  private Action action(JsonNode node, At at, int level) {
    List<String> found = new ArrayList<>(1);
    for (String name : ACTIONS) {
      if (node.has(name)) {
        found.add(name);
      }
    }
    if (found.size() != 1) {
      String wanted = String.join(", ", ACTIONS);
      reading
          .findings()
          .add(
              at,
              found.isEmpty()
                  ? "the step does nothing: it needs one of " + wanted
                  : "the step has several actions, " + String.join(" and ", found),
              found.isEmpty()
                  ? Optional.empty()
                  : Optional.of("split it into steps of one action each"));
      return new Action.AwaitSignal("?");
    }
    String name = found.getFirst();
    if (node.has("input") && !WITH_INPUT.contains(name)) {
      reading
          .findings()
          .addKey(at.field("input"), "a step with " + name + " has no input", Optional.empty());
    }
    return action(name, node, at, level);
  }

  private Action action(String name, JsonNode node, At at, int level) {
    JsonNode value = node.get(name);
    At place = at.field(name);
    return switch (name) {
      case "tool" -> new Action.CallTool(name(value, place), input(node, at));
      case "wait" -> await(value, place);
      case "approval" -> approval(value, place);
      case "signal" -> new Action.AwaitSignal(name(value, place));
      case "plan" -> new Action.RunPlan(nested.read(value, place, level + 1), input(node, at));
      default -> loop(value, place, input(node, at), level);
    };
  }

  private String name(JsonNode value, At at) {
    String name = reading.text(value, at);
    if (name != null && name.isBlank()) {
      reading.findings().add(at, "this is blank and should be a name");
    }
    return name == null ? "?" : name;
  }

  private Template input(JsonNode node, At at) {
    return expressions.template(node.get("input"), at.field("input"));
  }

  private Action await(JsonNode value, At at) {
    if (!value.isString() && !value.isNumber()) {
      reading.wrong(value, at, "a duration, an instant or an expression of one");
      return new Action.AwaitTime(ExpressionReading.NO_INPUT);
    }
    Template until = expressions.template(value, at);
    if (until.isConstant() && !isTime(value)) {
      reading
          .findings()
          .add(
              at,
              "'" + Reading.shortened(value.asString()) + "' is no duration and no instant",
              Optional.of("write one " + Durations.FORMS + ", or 2030-01-31T09:00:00Z"));
    }
    return new Action.AwaitTime(until);
  }

  private static boolean isTime(JsonNode value) {
    if (Durations.read(value).isPresent()) {
      return true;
    }
    try {
      java.time.OffsetDateTime.parse(value.asString());
      return true;
    } catch (java.time.DateTimeException noInstant) {
      return false;
    }
  }

  private Action approval(JsonNode value, At at) {
    if (!value.isString()) {
      reading.wrong(value, at, "the message that asks for approval");
      return new Action.AwaitApproval(Templates.template(Json.text("?")));
    }
    return new Action.AwaitApproval(expressions.template(value, at));
  }

  private Action loop(JsonNode value, At at, Template inputs, int level) {
    if (!reading.object(value, at, LOOP_FIELDS)) {
      return new Action.AwaitSignal("?");
    }
    for (String needed : List.of("plan", "until", "max_iterations")) {
      if (!value.has(needed)) {
        reading.findings().add(at, "the loop has no " + needed);
      }
    }
    Expression until = expressions.guard(value.get("until"), at.field("until"));
    JsonNode body = value.get("plan");
    return new Action.Loop(
        body == null ? PlanDraft.UNKNOWN : nested.read(body, at.field("plan"), level + 1),
        inputs,
        until == null ? Templates.expression("true") : until,
        reading.integer(
            value.get("max_iterations"), at.field("max_iterations"), 1, MOST_ITERATIONS, 1));
  }

  private List<String> dependsOn(@Nullable JsonNode value, At at) {
    if (value == null || value.isNull()) {
      return List.of();
    }
    if (value.isString()) {
      return List.of(value.stringValue());
    }
    if (!value.isArray()) {
      reading.wrong(value, at, "a list of step ids");
      return List.of();
    }
    List<String> ids = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      String id = reading.text(value.get(i), at.item(i));
      if (id != null) {
        ids.add(id);
      }
    }
    return ids;
  }

  private @Nullable Foreach foreach(@Nullable JsonNode value, At at) {
    if (value == null) {
      return null;
    }
    if (!value.isObject()) {
      return new Foreach(expressions.list(value, at), 0);
    }
    reading.object(value, at, FOREACH_FIELDS);
    JsonNode items = value.get("items");
    if (items == null) {
      reading.findings().add(at, "the foreach has no items");
      return null;
    }
    return new Foreach(
        expressions.list(items, at.field("items")),
        reading.integer(
            value.get("max_concurrency"), at.field("max_concurrency"), 0, Integer.MAX_VALUE, 0));
  }

  private RetryPolicy retry(@Nullable JsonNode value, At at) {
    if (value == null) {
      return RetryPolicy.NONE;
    }
    if (value.isNumber()) {
      return policy(Json.object().set("max_retries", value), at);
    }
    return reading.object(value, at, RETRY_FIELDS) ? policy(value, at) : RetryPolicy.NONE;
  }

  private RetryPolicy policy(JsonNode value, At at) {
    int retries = reading.integer(value.get("max_retries"), at.field("max_retries"), 0, 1_000, 3);
    Duration base = reading.duration(value.get("base_delay"), at.field("base_delay"));
    Duration most = reading.duration(value.get("max_delay"), at.field("max_delay"));
    Duration delay = base == null ? RetryPolicy.NONE.baseDelay() : base;
    Duration standard = RetryPolicy.NONE.maxDelay();
    Duration longest = most != null ? most : delay.compareTo(standard) > 0 ? delay : standard;
    if (longest.compareTo(delay) < 0) {
      reading
          .findings()
          .add(at.field("max_delay"), "max_delay is shorter than base_delay, " + delay);
    }
    RetryPolicy.Strategy strategy =
        reading.oneOf(
            value.get("strategy"),
            at.field("strategy"),
            RetryPolicy.Strategy.EXPONENTIAL_BACKOFF,
            RetryPolicy.Strategy.class);
    boolean jitter = reading.truth(value.get("jitter"), at.field("jitter"), true);
    return new RetryPolicy(retries, strategy, delay, longest, jitter);
  }

  private Action.@Nullable CallTool compensate(@Nullable JsonNode value, At at) {
    if (value == null || !reading.object(value, at, COMPENSATE_FIELDS)) {
      return null;
    }
    JsonNode tool = value.get("tool");
    if (tool == null) {
      reading.findings().add(at, "the compensation has no tool");
      return null;
    }
    return new Action.CallTool(name(tool, at.field("tool")), input(value, at));
  }
}
