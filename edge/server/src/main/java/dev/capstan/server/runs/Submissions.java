package dev.capstan.server.runs;

import dev.capstan.agents.Planned;
import dev.capstan.engine.Engine;
import dev.capstan.engine.Submission;
import dev.capstan.engine.Submitted;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.TenantId;
import dev.capstan.plan.Plan;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import dev.capstan.server.http.Fields;
import dev.capstan.server.plans.PlanDesk;
import dev.capstan.views.RunView;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /runs}: a prompt, a plan or a crew becomes a run, durable before the answer. */
public final class Submissions {
  private final Engine engine;
  private final PlanDesk desk;
  private final RunReader runs;

  public Submissions(Engine engine, PlanDesk desk, RunReader runs) {
    this.engine = engine;
    this.desk = desk;
    this.runs = runs;
  }

  public Answer submit(Exchange exchange) throws IOException, InterruptedException {
    Fields fields = exchange.fields();
    String prompt = fields.text("prompt", PlanDesk.LONGEST_PROMPT);
    boolean given = fields.has("plan") || fields.has("crew");
    ObjectNode inputs = fields.object("inputs");
    int priority = fields.integer("priority", 0, -100, 100);
    Money maxCost = fields.money("max_cost");
    if ((prompt == null) != given) {
      fields.mistake("", "give either a prompt, a plan or a crew");
    } else if (prompt != null && prompt.isBlank()) {
      fields.mistake("prompt", "is empty");
    } else if (prompt != null && !inputs.isEmpty()) {
      fields.mistake("inputs", "go with a plan, not with a prompt");
    }
    Plan plan = desk.given(fields);
    String key = exchange.header("Idempotency-Key");
    if (prompt != null && key != null) {
      Optional<Submitted> earlier = engine.earlier(exchange.tenant(), key, prompt, maxCost);
      if (earlier.isPresent()) {
        return accepted(exchange.tenant(), earlier.get());
      }
    }
    Planned.Understood planned =
        plan == null
            ? desk.planned(prompt == null ? "" : prompt, exchange.tenant())
            : new Planned.Understood(plan, "given");
    Plan whole = desk.withRetries(planned.plan());
    return accepted(
        exchange.tenant(),
        Patience.await(
            engine.submit(
                new Submission(
                    exchange.tenant(),
                    prompt,
                    maxCost == null ? whole : whole.withCostBudget(maxCost),
                    planned.planner(),
                    inputs,
                    priority,
                    exchange.header("X-Correlation-Id"),
                    key))));
  }

  Answer accepted(TenantId tenant, Submitted submitted) {
    return switch (submitted) {
      case Submitted.Accepted accepted -> {
        RunId run = accepted.run();
        RunView view = RunView.of(runs.state(tenant, run));
        yield Answer.json(accepted.fresh() ? 201 : 200, view).with("Location", "/runs/" + run);
      }
      case Submitted.Refused refused -> throw refused.problem().refusal();
    };
  }
}
