package dev.capstan.server.openai;

import dev.capstan.engine.Command;
import dev.capstan.engine.Engine;
import dev.capstan.engine.Submission;
import dev.capstan.engine.Submitted;
import dev.capstan.journal.RunEvent;
import dev.capstan.journal.RunState;
import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.RunId;
import dev.capstan.kernel.document.Spelling;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Told;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.Message;
import dev.capstan.plan.Plan;
import dev.capstan.server.crews.CrewShelf;
import dev.capstan.server.live.Closing;
import dev.capstan.views.EventStream;
import dev.capstan.views.LiveEvents;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Agents and crews as models: a question to one becomes a run, whose result is the answer. The run
 * is as durable as any other. When whoever asked has gone it is cancelled, unless they gave it a
 * key, by which they can come back for its answer.
 */
public final class RunModels {
  private static final Duration PULSE = Duration.ofSeconds(2);
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

  /** What is wrong with the file of this name, while it answers as it last was good. */
  List<Mistake> mistakes(String name) {
    return shelf.mistakes(name);
  }

  /** Whoever asks, and hears the answer's pieces. */
  interface Asker extends DeltaSink {
    /** Which run it is, before any piece is told. */
    void begun(RunId run);

    /**
     * Nothing was said for a while. Throws {@link ChatStream.Gone} when nobody listens any more.
     */
    void still();

    /**
     * It is time to see whether somebody waits who hears nothing before the end. Throws {@link
     * ChatStream.Gone} when nobody does any more.
     */
    void look();
  }

  /**
   * Asks, and waits until the call's deadline.
   *
   * @param key the same one is the same run, whose answer is told again; null for a new run
   */
  Told ask(ModelCall call, @Nullable String key, Asker asker) throws InterruptedException {
    Plan file = shelf.plan(call.model()).orElseThrow(() -> unknown(call.model()).refusal());
    Plan plan = withRetries.apply(Tailoring.fit(file, call));
    RunId run = submit(call, plan, key);
    asker.begun(run);
    Talk talk = new Talk(plan, asker, !Tailoring.isJson(call));
    try {
      hear(run, talk, asker, call.deadline());
      return told(call, talk, engine.state(run));
    } catch (ChatStream.Gone gone) {
      if (key == null) {
        var _ =
            engine.tell(
                call.origin().tenant(),
                run,
                new Command.Cancel("client", "whoever asked has gone"));
      }
      throw gone;
    }
  }

  private void hear(RunId run, Talk talk, Asker asker, Instant deadline)
      throws InterruptedException {
    try (EventStream stream = live.stream(run, 0);
        var _ = around.closing().closedWithTheHouse(stream)) {
      Instant looked = around.clock().instant();
      while (!stream.isEnded() && !stream.isClosed()) {
        Instant asked = around.clock().instant();
        if (!asked.isBefore(looked.plus(PULSE))) {
          asker.look();
          looked = asked;
        }
        Duration left = Duration.between(asked, deadline);
        if (left.isNegative()) {
          throw Problem.of(
                  ProblemCode.TIMED_OUT,
                  "the run " + run + " takes longer than an answer may; it goes on")
              .refusal();
        }
        EventStream.Batch news = stream.next(left.compareTo(PULSE) < 0 ? left : PULSE);
        if (!around.clock().instant().isBefore(asked.plus(PULSE))) {
          asker.still();
        }
        talk.hear(news);
      }
      if (!stream.isEnded()) {
        throw Problem.of(
                ProblemCode.UNAVAILABLE, "this process is stopping; the run " + run + " goes on")
            .refusal();
      }
    }
  }

  private Problem unknown(String model) {
    String meant = Spelling.suggestion(model, names()).map(words -> "; " + words).orElse("");
    String shown = model.length() > 60 ? model.substring(0, 60) + "…" : model;
    return Problem.of(ProblemCode.NOT_FOUND, "there is no '" + shown + "'" + meant);
  }

  private RunId submit(ModelCall call, Plan plan, @Nullable String key)
      throws InterruptedException {
    Submission submission =
        new Submission(
            call.origin().tenant(),
            null,
            plan,
            "given",
            Questions.inputs(plan, call.messages()),
            0,
            null,
            key);
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
                talk.finish(),
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
