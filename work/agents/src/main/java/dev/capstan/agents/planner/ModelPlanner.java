package dev.capstan.agents.planner;

import dev.capstan.agents.Planned;
import dev.capstan.agents.Planner;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.Refusal;
import dev.capstan.kernel.TenantId;
import dev.capstan.llm.Gateway;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Origin;
import dev.capstan.llm.Patience;
import dev.capstan.llm.Told;
import dev.capstan.llm.chat.AnswerFormat;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.llm.chat.Sampling;
import dev.capstan.plan.PlanReader;
import dev.capstan.plan.ToolCatalog;
import dev.capstan.plan.ToolSpec;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The planner that asks a model. What it says is a plan only once the same checker has passed it
 * that people's plans go through; it is told its mistakes once. Its cost is the tenant's, in rows
 * of the agent {@value #AGENT}.
 */
public final class ModelPlanner implements Planner {
  /** The longest prompt that is shown to a model, in characters. */
  public static final int LONGEST = 20_000;

  /** What its calls go by in the ledger, and in the configuration's {@code agents}. */
  public static final String AGENT = "planner";

  private static final int ATTEMPTS = 2;
  private static final int MOST_TOKENS = 8_192;
  private static final int LONGEST_WORDS = 600;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Gateway gateway;
  private final String model;
  private final ToolCatalog tools;
  private final PlanReader reader;
  private final InstantSource clock;

  /**
   * @param model a name of the gateway's configuration
   */
  public ModelPlanner(Gateway gateway, String model, ToolCatalog tools, InstantSource clock) {
    this.gateway = gateway;
    this.model = model;
    this.tools = tools;
    this.reader = new PlanReader(tools);
    this.clock = clock;
  }

  @Override
  public String name() {
    return "model";
  }

  @Override
  public Planned plan(String prompt, TenantId tenant) throws InterruptedException {
    if (prompt.length() > LONGEST) {
      return not(
          "the prompt is " + prompt.length() + " characters long; at most " + LONGEST + " are read",
          List.of());
    }
    List<ToolSpec> specs = tools.specs();
    AnswerFormat format = new AnswerFormat.BySchema("plan", PlanSketch.schema(specs), true);
    List<Message> messages = new ArrayList<>();
    messages.add(new Message.Instructions(PlanBriefing.of(specs)));
    messages.add(Message.User.says(prompt));
    List<Mistake> mistakes = List.of();
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      switch (ask(messages, format, tenant)) {
        case Told.Failed failed -> {
          return not(
              "the model '" + model + "' could not be asked: " + shown(failed.problem().detail()),
              mistakes);
        }
        case Told.Answered told -> {
          String said = told.answer().message().text();
          switch (made(told, said)) {
            case PlanSketch.Made.Good good -> {
              return new Planned.Understood(good.plan(), name());
            }
            case PlanSketch.Made.Impossible impossible -> {
              return not("the model '" + model + "' says: " + shown(impossible.why()), List.of());
            }
            case PlanSketch.Made.Bad bad -> mistakes = bad.mistakes();
          }
          messages.add(Message.Assistant.says(said.isBlank() ? "(nothing)" : said));
          messages.add(Message.User.says(PlanBriefing.correction(mistakes)));
        }
      }
    }
    String all = mistakes.stream().map(Mistake::toString).collect(Collectors.joining("; "));
    return not("the model '" + model + "' made no plan that can be run: " + shown(all), mistakes);
  }

  private PlanSketch.Made made(Told.Answered told, String said) {
    return told.answer().finish() == FinishReason.LENGTH
        ? new PlanSketch.Made.Bad(
            List.of(Mistake.at("", "the answer was cut off: it is longer than it may be")))
        : PlanSketch.read(said, reader);
  }

  private Told ask(List<Message> messages, AnswerFormat format, TenantId tenant)
      throws InterruptedException {
    ModelCall call =
        new ModelCall(
            new Origin(tenant, null, "", AGENT, ""),
            model,
            messages,
            List.of(),
            Sampling.DEFAULT.withMaxOutputTokens(MOST_TOKENS),
            format,
            false,
            true,
            List.of(),
            clock.instant().plus(PATIENCE));
    try {
      return gateway.ask(call, DeltaSink.NOBODY, Patience.WaitListener.NOBODY);
    } catch (Refusal refused) {
      return new Told.Failed(refused.problem(), null, null, Money.ZERO, List.of());
    }
  }

  private static String shown(String words) {
    return words.length() <= LONGEST_WORDS ? words : words.substring(0, LONGEST_WORDS) + "…";
  }

  private static Planned not(String detail, List<Mistake> mistakes) {
    return new Planned.NotUnderstood(Problem.of(ProblemCode.NOT_UNDERSTOOD, detail, mistakes));
  }
}
