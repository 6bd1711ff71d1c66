package dev.capstan.server.openai;

import dev.capstan.engine.Engine;
import dev.capstan.engine.Submission;
import dev.capstan.engine.Submitted;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.document.Spelling;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Told;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.Message;
import dev.capstan.plan.Plan;
import dev.capstan.server.crews.CrewShelf;
import dev.capstan.server.live.Closing;
import dev.capstan.views.EventStream;
import dev.capstan.views.LiveEvents;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Agents and crews as models: a question to one becomes a run, whose result is the answer. The run
 * is as durable as any other and goes on when whoever asked has gone.
 */
public final class RunModels {
  private static final Duration PULSE = Duration.ofSeconds(15);
  private static final long SECONDS = 10;

  private final CrewShelf shelf;
  private final Engine engine;
  private final LiveEvents live;
  private final UnaryOperator<Plan> withRetries;
  private final Surroundings around;

  /** The clock, and what ends with the house. */
  public record Surroundings(InstantSource clock, Closing closing) {}

  /**
   * @param withRetries gives plans the house's retries
   */
  public RunModels(
      CrewShelf shelf,
      Engine engine,
      LiveEvents live,
      UnaryOperator<Plan> withRetries,
      Surroundings around) {
    this.shelf = shelf;
    this.engine = engine;
    this.live = live;
    this.withRetries = withRetries;
    this.around = around;
  }

  /** By the names that callers say. */
  List<String> names() {
    return shelf.names();
  }

  /**
   * Asks, and waits until the call's deadline.
   *
   * @param begun hears which run it is, before any piece is told
   */
  Told ask(ModelCall call, DeltaSink sink, Consumer<RunId> begun) throws InterruptedException {
    Plan plan = shelf.plan(call.model()).orElseThrow(() -> unknown(call.model()).refusal());
    if (!call.tools().isEmpty()) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST, "an agent has tools of its own: leave out 'tools'")
          .refusal();
    }
    RunId run = submit(call, withRetries.apply(plan));
    begun.accept(run);
    Talk talk = new Talk(plan, sink);
    try (EventStream stream = live.stream(run, 0);
        var _ = around.closing().closedWithTheHouse(stream)) {
      while (!stream.isEnded() && !stream.isClosed()) {
        Duration left = Duration.between(around.clock().instant(), call.deadline());
        if (left.isNegative()) {
          throw Problem.of(
                  ProblemCode.TIMED_OUT,
                  "the run " + run + " takes longer than an answer may; it goes on")
              .refusal();
        }
        talk.hear(stream.next(left.compareTo(PULSE) < 0 ? left : PULSE));
      }
      if (!stream.isEnded()) {
        throw Problem.of(
                ProblemCode.UNAVAILABLE, "this process is stopping; the run " + run + " goes on")
            .refusal();
      }
    }
    return told(call, talk, engine.state(run));
  }

  private Problem unknown(String model) {
    String meant = Spelling.suggestion(model, names()).map(words -> "; " + words).orElse("");
    String shown = model.length() > 60 ? model.substring(0, 60) + "…" : model;
    return Problem.of(ProblemCode.NOT_FOUND, "there is no '" + shown + "'" + meant);
  }

  private RunId submit(ModelCall call, Plan plan) throws InterruptedException {
    Submission submission =
        new Submission(
            call.origin().tenant(),
            null,
            plan,
            "given",
            Questions.inputs(plan, call.messages()),
            0,
            null,
            null);
    try {
      return switch (engine.submit(submission).get(SECONDS, TimeUnit.SECONDS)) {
        case Submitted.Accepted accepted -> accepted.run();
        case Submitted.Refused refused -> throw refused.problem().refusal();
      };
    } catch (TimeoutException | ExecutionException late) {
      throw Problem.of(ProblemCode.UNAVAILABLE, "the run could not be written down in time")
          .refusal();
    }
  }

  private static Told told(ModelCall call, Talk talk, RunState state) {
    Money cost = talk.cost();
    return switch (state.terminal()) {
      case RunEvent.RunCompleted completed -> {
        Answer answer =
            new Answer(
                state.run().toString(),
                call.model(),
                Message.Assistant.says(talk.answer(completed.outputs())),
                FinishReason.STOP,
                talk.usage());
        yield new Told.Answered(answer, "capstan", false, cost, List.of());
      }
      case RunEvent.RunFailed failed ->
          new Told.Failed(failed.failure().problem(), null, null, cost, List.of());
      case null, default ->
          new Told.Failed(
              Problem.of(ProblemCode.CANCELLED, "the run " + state.run() + " was cancelled"),
              null,
              null,
              cost,
              List.of());
    };
  }
}
