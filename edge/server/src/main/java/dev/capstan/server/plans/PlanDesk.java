package dev.capstan.server.plans;

import dev.capstan.agents.Planned;
import dev.capstan.agents.Planner;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.TenantId;
import dev.capstan.plan.Plan;
import dev.capstan.plan.PlanCodec;
import dev.capstan.plan.PlanDrawing;
import dev.capstan.plan.PlanReader;
import dev.capstan.plan.PlanSchema;
import dev.capstan.plan.RetryPolicy;
import dev.capstan.plan.Step;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import dev.capstan.server.http.Fields;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads, checks, draws and makes plans; runs none. */
public final class PlanDesk {
  /** In characters. */
  public static final int LONGEST_PROMPT = 20_000;

  private record Checked(
      boolean valid, @Nullable String name, @Nullable Integer steps, List<Mistake> mistakes) {}

  private record Drawn(String drawing) {}

  private record Made(JsonNode plan, String planner) {}

  private final PlanReader reader;
  private final Planner planner;
  private final @Nullable RetryPolicy retry;

  /**
   * @param retry of steps whose plan says nothing of it; null leaves plans as they are
   */
  public PlanDesk(PlanReader reader, Planner planner, @Nullable RetryPolicy retry) {
    this.reader = reader;
    this.planner = planner;
    this.retry = retry;
  }

  /** The plan with the house's retries where it names none itself. */
  public Plan withRetries(Plan plan) {
    RetryPolicy policy = retry;
    if (policy == null) {
      return plan;
    }
    List<Step> steps = plan.steps().stream().map(step -> withRetries(step, policy)).toList();
    return Plan.of(plan.header(), plan.inputs(), steps, plan.outputs());
  }

  private static Step withRetries(Step step, RetryPolicy policy) {
    return step.retry().equals(RetryPolicy.NONE)
        ? new Step(
            step.id(),
            step.action(),
            step.dependsOn(),
            step.when(),
            step.foreach(),
            policy,
            step.timeout(),
            step.heartbeat(),
            step.compensate(),
            step.priority())
        : step;
  }

  public Answer check(Exchange exchange) throws IOException {
    Fields fields = exchange.fields();
    JsonNode plan = fields.value("plan");
    fields.end();
    return Answer.ok(
        switch (read(plan)) {
          case PlanReader.Read.Valid valid ->
              new Checked(
                  true, valid.plan().header().name(), valid.plan().steps().size(), List.of());
          case PlanReader.Read.Invalid invalid ->
              new Checked(false, null, null, invalid.mistakes());
        });
  }

  public Answer draw(Exchange exchange) throws IOException {
    Fields fields = exchange.fields();
    JsonNode source = fields.value("plan");
    String format = fields.text("format", 20);
    if (format != null && !format.equals("mermaid") && !format.equals("text")) {
      fields.mistake("format", "must be mermaid or text");
    }
    fields.end();
    Plan plan = valid(source);
    return Answer.ok(
        new Drawn("text".equals(format) ? PlanDrawing.text(plan) : PlanDrawing.mermaid(plan)));
  }

  public Answer fromPrompt(Exchange exchange) throws IOException {
    Fields fields = exchange.fields();
    String prompt = fields.requiredText("prompt", LONGEST_PROMPT);
    fields.end();
    Planned.Understood made = planned(prompt, exchange.tenant());
    return Answer.ok(new Made(PlanCodec.encode(made.plan()), made.planner()));
  }

  public Answer schema(Exchange exchange) {
    return Answer.text(200, "application/schema+json", PlanSchema.text());
  }

  /** The plan of this prompt. Throws {@code not_understood}. */
  public Planned.Understood planned(String prompt, TenantId tenant) {
    return switch (planner.plan(prompt, tenant)) {
      case Planned.Understood understood -> understood;
      case Planned.NotUnderstood not -> throw not.problem().refusal();
    };
  }

  /** The plan in this JSON. Throws {@code invalid_plan} with every mistake. */
  public Plan valid(@Nullable JsonNode source) {
    return switch (read(source)) {
      case PlanReader.Read.Valid valid -> valid.plan();
      case PlanReader.Read.Invalid invalid -> {
        int count = invalid.mistakes().size();
        String detail =
            count == 1 ? "the plan has a mistake" : "the plan has " + count + " mistakes";
        throw Problem.of(ProblemCode.INVALID_PLAN, detail, invalid.mistakes()).refusal();
      }
    };
  }

  /** Reads a plan that came as a JSON object, or as YAML or JSON text. */
  private PlanReader.Read read(@Nullable JsonNode plan) {
    if (plan != null && plan.isString()) {
      return reader.read(plan.stringValue());
    }
    if (plan != null && plan.isObject()) {
      return reader.read(plan);
    }
    throw Problem.of(
            ProblemCode.INVALID_REQUEST,
            "plan is missing, or is neither an object nor YAML or JSON as a text")
        .refusal();
  }
}
