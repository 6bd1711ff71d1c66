package dev.capstan.server.plans;

import dev.capstan.agents.Planned;
import dev.capstan.agents.estimate.Estimate;
import dev.capstan.agents.estimate.Estimator;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.plan.InputCheck;
import dev.capstan.plan.Plan;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import dev.capstan.server.http.Fields;
import java.io.IOException;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /estimates}: what a prompt, a plan or a crew will cost. Runs nothing. */
public final class EstimateDesk {
  private record Told(String planner, Estimate estimate) {}

  private final PlanDesk desk;
  private final Estimator estimator;

  public EstimateDesk(PlanDesk desk, Estimator estimator) {
    this.desk = desk;
    this.estimator = estimator;
  }

  /** A prompt is planned first, by whoever would plan its run. */
  public Answer estimate(Exchange exchange) throws IOException, InterruptedException {
    Fields fields = exchange.fields();
    String prompt = fields.text("prompt", PlanDesk.LONGEST_PROMPT);
    boolean given = fields.has("plan") || fields.has("crew");
    ObjectNode inputs = fields.object("inputs");
    Money maxCost = fields.money("max_cost");
    if ((prompt == null) != given) {
      fields.mistake("", "give either a prompt, a plan or a crew");
    } else if (prompt != null && prompt.isBlank()) {
      fields.mistake("prompt", "is empty");
    } else if (prompt != null && !inputs.isEmpty()) {
      fields.mistake("inputs", "go with a plan, not with a prompt");
    }
    Plan plan = desk.given(fields);
    Planned.Understood planned =
        plan == null
            ? desk.planned(prompt == null ? "" : prompt, exchange.tenant())
            : new Planned.Understood(plan, "given");
    Plan whole = maxCost == null ? planned.plan() : planned.plan().withCostBudget(maxCost);
    return switch (InputCheck.check(whole, inputs)) {
      case InputCheck.Checked.Fit fit ->
          Answer.ok(
              new Told(planned.planner(), estimator.of(exchange.tenant(), whole, fit.inputs())));
      case InputCheck.Checked.Unfit unfit ->
          throw Problem.of(
                  ProblemCode.INVALID_INPUT,
                  "the inputs do not fit the plan '" + whole.header().name() + "'",
                  unfit.mistakes())
              .refusal();
    };
  }
}
