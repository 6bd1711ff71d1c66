package dev.capstan.plan;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A plan written in Java.
 *
 * <pre>{@code
 * Plan plan = Plan.named("release")
 *     .input("version", InputSpec.Type.STRING)
 *     .step("build", "echo", Map.of("version", "${inputs.version}"))
 *     .step("test", "echo", Map.of("of", "${steps.build.output.version}")).retry(3)
 *     .approval("go", "Ship ${inputs.version}?").after("test").timeout(Duration.ofDays(2))
 *     .step("deploy", "echo", Map.of()).after("go").compensate("echo", Map.of("undo", true))
 *     .output("deployed", "${steps.deploy.output}")
 *     .build();
 * }</pre>
 *
 * <p>What follows a step ({@link #after}, {@link #when}, …) is about that step. A step depends on
 * those it refers to without saying so. Values are whatever becomes JSON: texts, numbers, lists,
 * maps, records, {@link JsonNode}; expressions in them stand between a dollar and braces. Every
 * verb throws a {@link dev.capstan.kernel.Refusal} of {@code invalid_plan} for an expression that
 * does not parse, and {@link #build} throws {@link IllegalArgumentException} for what is no DAG.
 */
public final class PlanBuilder {
  private Plan.Header header;
  private final List<InputSpec> inputs = new ArrayList<>();
  private final List<StepDraft> drafts = new ArrayList<>();
  private final Map<String, Template> outputs = new LinkedHashMap<>();

  PlanBuilder(String name) {
    this.header = Plan.Header.named(name);
  }

  public PlanBuilder description(String description) {
    return header(
        new Plan.Header(
            header.name(),
            description,
            header.maxParallel(),
            header.deadline(),
            header.allowPartialCompletion(),
            header.costBudget()));
  }

  /** How many steps of one run may be under way at once; 0 for no bound. */
  public PlanBuilder maxParallel(int steps) {
    return header(
        new Plan.Header(
            header.name(),
            header.description(),
            steps,
            header.deadline(),
            header.allowPartialCompletion(),
            header.costBudget()));
  }

  /** The longest a run may take. */
  public PlanBuilder deadline(Duration deadline) {
    return header(
        new Plan.Header(
            header.name(),
            header.description(),
            header.maxParallel(),
            deadline,
            header.allowPartialCompletion(),
            header.costBudget()));
  }

  /** Lets independent branches finish although a step failed. */
  public PlanBuilder allowPartialCompletion() {
    return header(
        new Plan.Header(
            header.name(),
            header.description(),
            header.maxParallel(),
            header.deadline(),
            true,
            header.costBudget()));
  }

  /** The most that all models of a run may cost together. */
  public PlanBuilder costBudget(Money most) {
    return header(header.withCostBudget(most));
  }

  private PlanBuilder header(Plan.Header changed) {
    header = changed;
    return this;
  }

  /** An input that must be given. */
  public PlanBuilder input(String name, InputSpec.Type type) {
    return input(new InputSpec(name, type, true, null, null));
  }

  /** An input that is {@code fallback} when it is not given. */
  public PlanBuilder input(String name, InputSpec.Type type, Object fallback) {
    return input(new InputSpec(name, type, false, json(fallback), null));
  }

  public PlanBuilder input(InputSpec spec) {
    inputs.add(spec);
    return this;
  }

  /** A step that calls a tool. */
  public PlanBuilder step(String id, String tool, Object input) {
    return step(id, new Action.CallTool(tool, template(input)));
  }

  public PlanBuilder step(String id, Action action) {
    drafts.add(new StepDraft(id, action));
    return this;
  }

  /** A step that waits: {@code "90s"}, {@code "2h"}, an instant, or an expression of one. */
  public PlanBuilder await(String id, Object until) {
    return step(id, new Action.AwaitTime(template(until)));
  }

  /** A step that waits until a person approves. */
  public PlanBuilder approval(String id, String message) {
    return step(id, new Action.AwaitApproval(template(message)));
  }

  /** A step that waits for a signal. */
  public PlanBuilder signal(String id, String signal) {
    return step(id, new Action.AwaitSignal(signal));
  }

  /** A step that runs another plan with these inputs. */
  public PlanBuilder plan(String id, Plan plan, Object planInputs) {
    return step(id, new Action.RunPlan(plan, template(planInputs)));
  }

  /** A step that runs a plan until a guard holds over {@code last} and {@code iteration}. */
  public PlanBuilder loop(String id, Plan body, Object bodyInputs, String until, int most) {
    return step(id, new Action.Loop(body, template(bodyInputs), Templates.expression(until), most));
  }

  /** The last step waits for these. */
  public PlanBuilder after(String... steps) {
    last().after.addAll(List.of(steps));
    return this;
  }

  /** The last step is skipped unless this holds. */
  public PlanBuilder when(String guard) {
    last().when = Templates.expression(guard);
    return this;
  }

  /** The last step runs once for every item of this list. */
  public PlanBuilder foreach(String items, int maxConcurrency) {
    last().foreach = new Foreach(Templates.expression(items), maxConcurrency);
    return this;
  }

  /** The last step is retried after one second, two, four, … up to a minute, with jitter. */
  public PlanBuilder retry(int maxRetries) {
    return retry(
        new RetryPolicy(
            maxRetries,
            RetryPolicy.Strategy.EXPONENTIAL_BACKOFF,
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            true));
  }

  public PlanBuilder retry(RetryPolicy retry) {
    last().retry = retry;
    return this;
  }

  /** The longest that one attempt of the last step, or its wait, may take. */
  public PlanBuilder timeout(Duration timeout) {
    last().timeout = timeout;
    return this;
  }

  /** The longest silence of the last step's attempt. */
  public PlanBuilder heartbeat(Duration heartbeat) {
    last().heartbeat = heartbeat;
    return this;
  }

  /** What undoes the last step once it has completed. */
  public PlanBuilder compensate(String tool, Object input) {
    last().compensate = new Action.CallTool(tool, template(input));
    return this;
  }

  /** Higher goes first; -100 to 100. */
  public PlanBuilder priority(int priority) {
    last().priority = priority;
    return this;
  }

  /** One thing that a completed run returns. */
  public PlanBuilder output(String name, Object value) {
    outputs.put(name, template(value));
    return this;
  }

  /** Throws {@link IllegalArgumentException} as {@link Plan#of} does. */
  public Plan build() {
    return Plan.of(header, inputs, drafts.stream().map(StepDraft::step).toList(), outputs);
  }

  private StepDraft last() {
    if (drafts.isEmpty()) {
      throw new IllegalStateException("there is no step yet that this could be about");
    }
    return drafts.getLast();
  }

  private static JsonNode json(@Nullable Object value) {
    return value instanceof JsonNode node
        ? node
        : value == null ? Json.nothing() : Json.valueOf(value);
  }

  private static Template template(Object value) {
    return Templates.template(json(value));
  }
}
