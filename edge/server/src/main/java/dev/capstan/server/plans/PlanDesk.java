package dev.capstan.server.plans;

import dev.capstan.agents.Planned;
import dev.capstan.agents.Planner;
import dev.capstan.agents.crew.CrewReader;
import dev.capstan.agents.crew.CrewSchema;
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

/** Reads, checks, draws and makes plans, those of crews and agents too; runs none. */
public final class PlanDesk {
  /** In characters. */
  public static final int LONGEST_PROMPT = 20_000;

  private record Checked(
      boolean valid, @Nullable String name, @Nullable Integer steps, List<Mistake> mistakes) {}

  private record Drawn(String drawing) {}

  private record Made(JsonNode plan, String planner) {}

  /** What a plan is written as; a crew may also be told from a plan by what is in it. */
  private record Source(JsonNode value, boolean crew) {}

  private final PlanReader reader;
  private final CrewReader crews;
  private final Planner planner;
  private final @Nullable RetryPolicy retry;

  /**
   * @param retry of steps whose plan says nothing of it; null leaves plans as they are
   */
  public PlanDesk(
      PlanReader reader, CrewReader crews, Planner planner, @Nullable RetryPolicy retry) {
    this.reader = reader;
    this.crews = crews;
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
    PlanReader.Read read = read(fields);
    return Answer.ok(
        switch (read) {
          case PlanReader.Read.Valid valid ->
              new Checked(
                  true, valid.plan().header().name(), valid.plan().steps().size(), List.of());
          case PlanReader.Read.Invalid invalid ->
              new Checked(false, null, null, invalid.mistakes());
        });
  }

  public Answer draw(Exchange exchange) throws IOException {
    Fields fields = exchange.fields();
    String format = fields.text("format", 20);
    if (format != null && !format.equals("mermaid") && !format.equals("text")) {
      fields.mistake("format", "must be mermaid or text");
    }
    Plan plan = valid(read(fields));
    return Answer.ok(
        new Drawn("text".equals(format) ? PlanDrawing.text(plan) : PlanDrawing.mermaid(plan)));
  }

  public Answer fromPrompt(Exchange exchange) throws IOException, InterruptedException {
    Fields fields = exchange.fields();
    String prompt = fields.requiredText("prompt", LONGEST_PROMPT);
    fields.end();
    Planned.Understood made = planned(prompt, exchange.tenant());
    return Answer.ok(new Made(PlanCodec.encode(made.plan()), made.planner()));
  }

  public Answer schema(Exchange exchange) {
    return Answer.text(200, "application/schema+json", PlanSchema.text());
  }

  public Answer crewSchema(Exchange exchange) {
    return Answer.text(200, "application/schema+json", CrewSchema.text());
  }

  /** The plan of this prompt, which a model may be asked for. Throws {@code not_understood}. */
  public Planned.Understood planned(String prompt, TenantId tenant) throws InterruptedException {
    return switch (planner.plan(prompt, tenant)) {
      case Planned.Understood understood -> understood;
      case Planned.NotUnderstood not -> throw not.problem().refusal();
    };
  }

  /**
   * The plan that the fields {@code plan} or {@code crew} hold; null when neither is there. Throws
   * {@code invalid_plan} with every mistake. The fields must have been looked at.
   */
  public @Nullable Plan given(Fields fields) {
    Source source = source(fields);
    fields.end();
    return source == null ? null : valid(read(source));
  }

  /** The plan, or {@code invalid_plan} with every mistake. */
  private static Plan valid(PlanReader.Read read) {
    return switch (read) {
      case PlanReader.Read.Valid valid -> valid.plan();
      case PlanReader.Read.Invalid invalid -> {
        int count = invalid.mistakes().size();
        String detail =
            count == 1 ? "the plan has a mistake" : "the plan has " + count + " mistakes";
        throw Problem.of(ProblemCode.INVALID_PLAN, detail, invalid.mistakes()).refusal();
      }
    };
  }

  private PlanReader.Read read(Fields fields) {
    Source source = source(fields);
    if (source == null) {
      fields.mistake("plan", "is missing");
    }
    fields.end();
    if (source == null) {
      throw new IllegalStateException("a missing plan is a mistake");
    }
    return read(source);
  }

  private static @Nullable Source source(Fields fields) {
    JsonNode plan = fields.value("plan");
    JsonNode crew = fields.value("crew");
    if (plan != null && crew != null) {
      fields.mistake("crew", "give either a plan or a crew");
    }
    JsonNode given = crew == null ? plan : crew;
    if (given == null) {
      return null;
    }
    if (!given.isString() && !given.isObject()) {
      fields.mistake(
          crew == null ? "plan" : "crew", "is neither an object nor YAML or JSON as a text");
    }
    return new Source(given, crew != null);
  }

  /** Reads what came as a JSON object, or as YAML or JSON text. */
  private PlanReader.Read read(Source source) {
    JsonNode value = source.value();
    if (value.isString()) {
      String text = value.stringValue();
      return source.crew() || CrewReader.isCrew(text) ? crews.read(text) : reader.read(text);
    }
    return source.crew() || CrewReader.isCrew(value) ? crews.read(value) : reader.read(value);
  }
}
