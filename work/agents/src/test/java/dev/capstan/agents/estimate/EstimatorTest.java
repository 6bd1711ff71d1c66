package dev.capstan.agents.estimate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.agents.agent.AgentTool;
import dev.capstan.agents.agent.ManagerTool;
import dev.capstan.agents.estimate.Estimate.StepPrice;
import dev.capstan.kernel.Json;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.TenantId;
import dev.capstan.llm.config.GatewayReader;
import dev.capstan.llm.config.GatewaySettings;
import dev.capstan.llm.price.PriceTable;
import dev.capstan.plan.InputSpec;
import dev.capstan.plan.Plan;
import dev.capstan.tools.ToolRegistry;
import dev.capstan.tools.calculator.Calculator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** A price tag says what is known, what is likely, and what is not known. */
class EstimatorTest {
  private static final GatewaySettings SETTINGS =
      ((GatewaySettings.Read.Good)
              GatewayReader.read(
                  """
                  providers: {p: {type: scripted}}
                  models:
                    default:
                      primary: {provider: p, model: cheap}
                      fallbacks: [{provider: p, model: dear, priority: 1}]
                      max_output_tokens: 1000
                    odd: {primary: {provider: p, model: nameless}}
                  budgets: {workflow: 3, agent: 1}
                  cost_tracking:
                    model_costs:
                      cheap: {input: 0.001, output: 0.002}
                      dear: {input: 0.01, output: 0.02}
                  """,
                  Map.of()))
          .settings();

  private final List<History.Past> past = new ArrayList<>();

  private Estimate estimate(Plan plan, ObjectNode inputs) {
    return new Estimator(
            SETTINGS,
            PriceTable.of(SETTINGS.prices()),
            ToolRegistry.of(new Calculator()),
            (tenant, name) -> name.equals("priced") ? past : List.of())
        .of(TenantId.LOCAL, plan, inputs);
  }

  private Estimate estimate(Plan plan) {
    return estimate(plan, Json.object());
  }

  private static ObjectNode task(String name, String... tools) {
    ObjectNode task =
        Json.object().put("name", name).put("role", "a writer").put("goal", "to write");
    task.put("task", "Write about ${inputs.topic}.");
    var offered = task.putArray("tools");
    for (String tool : tools) {
      offered.add(tool);
    }
    return task;
  }

  private static ObjectNode limited(ObjectNode task, String limit, Object value) {
    task.withObjectProperty("limits").set(limit, Json.valueOf(value));
    return task;
  }

  private static Plan plan(ObjectNode task) {
    return Plan.named("priced").step("write", AgentTool.NAME, task).build();
  }

  private static Money dollars(String amount) {
    return Money.dollars(amount);
  }

  private static void ordered(Estimate estimate) {
    assertThat(estimate.least()).isLessThanOrEqualTo(estimate.likely());
    assertThat(estimate.likely()).isLessThanOrEqualTo(estimate.most());
    assertThat(estimate.most()).isLessThanOrEqualTo(estimate.budget());
  }

  @Test
  void a_plan_that_asks_no_model_costs_nothing() {
    Plan plan = Plan.named("free").step("sum", "calculator", Map.of("expression", "1 + 2")).build();
    Estimate free = estimate(plan);
    assertThat(free.steps()).isEmpty();
    assertThat(free.most()).isEqualTo(Money.ZERO);
    assertThat(free.unknown()).isEmpty();
  }

  @Test
  void without_tools_an_agent_answers_once_or_twice_with_the_dearest_model_at_worst() {
    Estimate estimate = estimate(plan(task("writer")));
    ordered(estimate);
    StepPrice step = estimate.steps().getFirst();
    assertThat(step.agent()).isEqualTo("writer");
    assertThat(step.model()).isEqualTo("default");
    assertThat(step.basis()).isEqualTo("guessed: 1 turn of 400 tokens");
    assertThat(step.unknown()).isEmpty();
    // Two answers of 1,000 tokens at 0.00002, and what goes in.
    assertThat(estimate.most()).isBetween(dollars("0.04"), dollars("0.08"));
    assertThat(estimate.likely()).isBetween(dollars("0.0008"), dollars("0.001"));
    assertThat(estimate.budget()).isEqualTo(dollars("3"));
  }

  @Test
  void with_tools_it_is_bounded_by_turns_and_tokens_and_what_its_name_may_spend() {
    assertThat(estimate(plan(task("writer", "calculator"))).most()).isEqualTo(dollars("1"));
    Estimate three = estimate(plan(limited(task("writer", "calculator"), "max_turns", 1)));
    assertThat(three.most()).isLessThan(dollars("0.1"));
    Estimate capped = estimate(plan(limited(task("writer", "calculator"), "cost_limit", 0.02)));
    assertThat(capped.most()).isEqualTo(dollars("0.02"));
    ordered(three);
    ordered(capped);
  }

  @Test
  void agents_of_one_name_share_what_they_may_spend_and_the_run_has_a_budget_too() {
    Plan two =
        Plan.named("priced")
            .step("a", AgentTool.NAME, task("writer", "calculator"))
            .step("b", AgentTool.NAME, task("writer", "calculator"))
            .step("c", AgentTool.NAME, task("other", "calculator"))
            .build();
    assertThat(estimate(two).most()).isEqualTo(dollars("2"));
    Estimate small = estimate(two.withCostBudget(dollars("0.5")));
    assertThat(small.most()).isEqualTo(dollars("0.5"));
    assertThat(small.budget()).isEqualTo(dollars("0.5"));
  }

  @Test
  void a_list_counts_as_often_as_it_is_long_if_that_is_known() {
    Plan plan =
        Plan.named("priced")
            .input("topics", InputSpec.Type.ARRAY)
            .step("write", AgentTool.NAME, task("writer"))
            .foreach("inputs.topics", 0)
            .build();
    ObjectNode inputs = Json.object();
    inputs.putArray("topics").add("moon").add("sun").add("sea");
    Money one = estimate(plan(task("writer"))).likely();
    assertThat(estimate(plan, inputs).likely()).isEqualTo(one.times(3));

    Plan unknown =
        Plan.named("priced")
            .step("list", "calculator", Map.of("expression", "1"))
            .step("write", AgentTool.NAME, task("writer"))
            .foreach("steps.list.output.items", 0)
            .build();
    Estimate open = estimate(unknown);
    assertThat(open.least()).isEqualTo(Money.ZERO);
    assertThat(open.most()).isEqualTo(dollars("1"));
    assertThat(open.steps().getFirst().most()).isNull();
    assertThat(open.steps().getFirst().unknown())
        .containsExactly(
            "runs once for each of ${steps.list.output.items}, which is not known yet");
  }

  @Test
  void loops_and_sub_plans_count_with_what_is_in_them() {
    Plan inner = plan(task("writer"));
    Estimate once = estimate(inner);
    Plan looping = Plan.named("outer").loop("again", inner, Json.object(), "last.done", 4).build();
    Estimate looped = estimate(looping);
    assertThat(looped.most()).isEqualTo(once.most().times(4));
    assertThat(looped.least()).isEqualTo(once.least());
    assertThat(looped.steps()).extracting(StepPrice::step).containsExactly("again/write");
    assertThat(looped.unknown().getFirst()).contains("again runs 1 to 4 times");
  }

  @Test
  void what_is_beyond_all_bounds_is_bounded_by_the_budget() {
    ObjectNode vast = limited(task("writer", "calculator"), "max_turns", 200);
    Plan inner =
        Plan.named("priced")
            .input("topics", InputSpec.Type.ARRAY)
            .step("write", AgentTool.NAME, limited(vast, "max_tokens", Long.MAX_VALUE))
            .foreach("inputs.topics", 0)
            .build();
    ObjectNode inputs = Json.object();
    var topics = inputs.putArray("topics");
    for (int i = 0; i < 100_000; i++) {
      topics.add(i);
    }
    assertThat(estimate(inner, inputs).most()).isEqualTo(dollars("1"));
    Plan again =
        Plan.named("outer")
            .loop("again", plan(vast), Json.object(), "last.done", Integer.MAX_VALUE)
            .build();
    assertThat(estimate(again).most()).isEqualTo(dollars("3"));
    ordered(estimate(again));
  }

  @Test
  void what_runs_did_cost_before_is_likely_again() {
    past.add(new History.Past(Map.of("write", dollars("0.003")), 900));
    past.add(new History.Past(Map.of("write", dollars("0.001")), 500));
    past.add(new History.Past(Map.of("write", dollars("0.002")), 700));
    Estimate estimate = estimate(plan(task("writer")));
    assertThat(estimate.likely()).isEqualTo(dollars("0.002"));
    assertThat(estimate.likelyMs()).isEqualTo(700);
    assertThat(estimate.steps().getFirst().basis()).isEqualTo("3 past runs");
  }

  @Test
  void a_manager_costs_what_it_and_its_workers_may_spend() {
    ObjectNode led = Json.object();
    led.putObject("manager").put("name", "boss").put("role", "a boss").put("goal", "to lead");
    var workers = led.putArray("workers");
    workers.addObject().put("name", "one").put("role", "a writer").put("goal", "to write");
    workers.addObject().put("name", "two").put("role", "a reader").put("goal", "to read");
    led.put("task", "Have it done.").put("max_delegations", 3);
    Plan plan = Plan.named("priced").step("lead", ManagerTool.NAME, led).build();
    Estimate estimate = estimate(plan);
    ordered(estimate);
    assertThat(estimate.steps().getFirst().agent()).isEqualTo("boss, one, two");
    Money worker = estimate(plan(task("writer"))).most();
    // Each worker may be asked three times and answer twice; the manager spends what it may.
    assertThat(estimate.most())
        .isBetween(dollars("1").plus(worker.times(5)), dollars("1").plus(worker.times(6)));
  }

  @Test
  void what_cannot_be_known_is_said() {
    ObjectNode after = task("writer");
    after.put("task", "Write about ${steps.list.output.text}.");
    Plan plan =
        Plan.named("priced")
            .step("list", "calculator", Map.of("expression", "1"))
            .step("write", AgentTool.NAME, after)
            .when("steps.list.output.result > 0")
            .build();
    StepPrice step = estimate(plan).steps().getFirst();
    assertThat(step.least()).isEqualTo(Money.ZERO);
    assertThat(step.unknown())
        .containsExactly("what earlier steps tell it is not counted in", "may be skipped");
    assertThat(estimate(plan(task("writer").put("model", "gone"))).steps().getFirst().unknown())
        .containsExactly("there is no model 'gone', so the step will fail");
    assertThat(estimate(plan(task("writer").put("model", "odd"))).steps().getFirst().unknown())
        .containsExactly("no price is known for the model 'odd', so the step will fail");
    ObjectNode broken = Json.object();
    broken.putArray("role").add(1);
    assertThat(estimate(plan(broken)).steps().getFirst().unknown())
        .containsExactly("its task is not known before it runs");
  }
}
