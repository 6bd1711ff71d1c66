package dev.capstan.plan;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.document.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** From a plan to its document; what has its usual value is left out. */
final class PlanEncoder {
  private PlanEncoder() {}

  static ObjectNode encode(Plan plan) {
    ObjectNode document = Json.object();
    Plan.Header header = plan.header();
    document.put("name", header.name());
    if (header.description() != null) {
      document.put("description", header.description());
    }
    if (!plan.inputs().isEmpty()) {
      ObjectNode inputs = document.putObject("inputs");
      plan.inputs().forEach(input -> inputs.set(input.name(), input(input)));
    }
    if (header.maxParallel() != 0) {
      document.put("max_parallel", header.maxParallel());
    }
    put(document, "deadline", header.deadline());
    if (header.allowPartialCompletion()) {
      document.put("allow_partial_completion", true);
    }
    Money costBudget = header.costBudget();
    if (costBudget != null) {
      document.put("cost_budget", costBudget.toString());
    }
    var steps = document.putArray("steps");
    plan.steps().forEach(step -> steps.add(step(step)));
    if (!plan.outputs().isEmpty()) {
      ObjectNode outputs = document.putObject("outputs");
      plan.outputs().forEach((name, output) -> outputs.set(name, output.source()));
    }
    return document;
  }

  private static ObjectNode input(InputSpec input) {
    ObjectNode spec = Json.object();
    spec.put("type", input.type().wireName());
    spec.put("required", input.required());
    if (input.fallback() != null) {
      spec.set("default", input.fallback());
    }
    if (input.description() != null) {
      spec.put("description", input.description());
    }
    return spec;
  }

  private static ObjectNode step(Step step) {
    ObjectNode node = Json.object();
    node.put("id", step.id());
    action(node, step.action());
    if (!step.dependsOn().isEmpty()) {
      var dependencies = node.putArray("depends_on");
      step.dependsOn().forEach(dependencies::add);
    }
    if (step.when() != null) {
      node.put("when", braced(step.when()));
    }
    if (step.foreach() != null) {
      foreach(node, step.foreach());
    }
    if (!step.retry().equals(RetryPolicy.NONE)) {
      node.set("retry", retry(step.retry()));
    }
    put(node, "timeout", step.timeout());
    put(node, "heartbeat", step.heartbeat());
    if (step.compensate() != null) {
      action(node.putObject("compensate"), step.compensate());
    }
    if (step.priority() != 0) {
      node.put("priority", step.priority());
    }
    return node;
  }

  private static void action(ObjectNode node, Action action) {
    switch (action) {
      case Action.CallTool call -> {
        node.put("tool", call.tool());
        input(node, call.input());
      }
      case Action.AwaitTime wait -> node.set("wait", wait.until().source());
      case Action.AwaitApproval approval -> node.set("approval", approval.message().source());
      case Action.AwaitSignal signal -> node.put("signal", signal.name());
      case Action.RunPlan run -> {
        node.set("plan", encode(run.plan()));
        input(node, run.inputs());
      }
      case Action.Loop loop -> {
        ObjectNode body = node.putObject("loop");
        body.set("plan", encode(loop.body()));
        body.put("until", braced(loop.until()));
        body.put("max_iterations", loop.maxIterations());
        input(node, loop.inputs());
      }
    }
  }

  private static void input(ObjectNode node, Template input) {
    JsonNode source = input.source();
    if (!source.isObject() || !source.isEmpty()) {
      node.set("input", source);
    }
  }

  private static void foreach(ObjectNode node, Foreach foreach) {
    if (foreach.maxConcurrency() == 0) {
      node.put("foreach", braced(foreach.items()));
      return;
    }
    ObjectNode body = node.putObject("foreach");
    body.put("items", braced(foreach.items()));
    body.put("max_concurrency", foreach.maxConcurrency());
  }

  private static ObjectNode retry(RetryPolicy retry) {
    ObjectNode node = Json.object();
    node.put("max_retries", retry.maxRetries());
    node.put("strategy", retry.strategy().wireName());
    node.put("base_delay", Durations.write(retry.baseDelay()));
    node.put("max_delay", Durations.write(retry.maxDelay()));
    node.put("jitter", retry.jitter());
    return node;
  }

  private static String braced(Expression expression) {
    return "${" + expression.source() + "}";
  }

  private static void put(ObjectNode node, String name, @Nullable Duration duration) {
    if (duration != null) {
      node.put(name, Durations.write(duration));
    }
  }
}
