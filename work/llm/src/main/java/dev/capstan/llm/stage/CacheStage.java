package dev.capstan.llm.stage;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.llm.Carried;
import dev.capstan.llm.Hold;
import dev.capstan.llm.ModelCall;
import dev.capstan.llm.Told;
import dev.capstan.llm.cache.Fingerprint;
import dev.capstan.llm.cache.Flights;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.Delta;
import dev.capstan.llm.chat.DeltaSink;
import dev.capstan.llm.chat.FinishReason;
import dev.capstan.llm.chat.ToolRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gives an answer again that was given before, and has the same question asked once at a time. A
 * hit costs nothing and says so.
 */
final class CacheStage implements Stage {
  static final String CACHE = "cache";

  private final GatewayParts parts;
  private final Flights flights;
  private final Stage next;

  CacheStage(GatewayParts parts, Stage next) {
    this.parts = parts;
    this.flights = new Flights(parts.timers());
    this.next = next;
  }

  @Override
  public Told ask(Question question) throws InterruptedException {
    ModelCall call = question.call();
    if (!call.cacheable() || question.route().cacheLife().isZero()) {
      return next.ask(question);
    }
    Fingerprint fingerprint = Fingerprint.of(call);
    Answer known = parts.answers().find(call.origin().tenant(), fingerprint);
    if (known != null) {
      return hit(question, known);
    }
    return switch (board(question, fingerprint)) {
      case Flights.Boarding.Given given -> hit(question, given.answer());
      case Flights.Boarding.Fly _ -> fly(question, fingerprint);
      case Flights.Boarding.TooLate _ -> tooLate();
    };
  }

  private Flights.Boarding board(Question question, Fingerprint fingerprint)
      throws InterruptedException {
    ModelCall call = question.call();
    Instant asked = parts.clock().instant();
    boolean[] waited = new boolean[1];
    try {
      return flights.board(
          call.origin().tenant(),
          fingerprint,
          call.deadline(),
          () -> {
            waited[0] = true;
            parts.meter().waits("same_question");
            question
                .listener()
                .waiting(new Hold.ForSameQuestion(asked, "the same question is being answered"));
          });
    } finally {
      if (waited[0]) {
        question.listener().waiting(null);
        parts.meter().waited("same_question", Duration.between(asked, parts.clock().instant()));
      }
    }
  }

  private Told fly(Question question, Fingerprint fingerprint) throws InterruptedException {
    ModelCall call = question.call();
    @Nullable Answer shared = null;
    try {
      // Another may have landed between our look and our boarding.
      Answer known = parts.answers().find(call.origin().tenant(), fingerprint);
      if (known != null) {
        shared = known;
        return hit(question, known);
      }
      parts.meter().cached(call.origin(), call.model(), false);
      Told told = next.ask(question);
      if (told instanceof Told.Answered answered && isWhole(answered.answer())) {
        shared = answered.answer();
        parts
            .answers()
            .keep(call.origin().tenant(), fingerprint, shared, question.route().cacheLife());
      }
      return told;
    } finally {
      flights.landed(call.origin().tenant(), fingerprint, shared);
    }
  }

  private static boolean isWhole(Answer answer) {
    return answer.finish() == FinishReason.STOP || answer.finish() == FinishReason.TOOL_CALLS;
  }

  private Told hit(Question question, Answer answer) {
    ModelCall call = question.call();
    parts.meter().cached(call.origin(), call.model(), true);
    if (call.stream()) {
      replay(answer, question.sink());
    }
    return new Told.Answered(answer, CACHE, true, Money.ZERO, List.of());
  }

  private static void replay(Answer answer, DeltaSink sink) {
    Carried carried = Carried.by(answer.message());
    if (!carried.thoughts().isEmpty()) {
      sink.next(new Delta.Thoughts(carried.thoughts()));
    }
    if (!answer.message().text().isEmpty()) {
      sink.next(new Delta.Text(answer.message().text()));
    }
    List<ToolRequest> requests = answer.message().toolRequests();
    for (int i = 0; i < requests.size(); i++) {
      ToolRequest request = requests.get(i);
      sink.next(new Delta.ToolStarted(i, request.id(), request.tool(), carried.signature(i)));
      sink.next(new Delta.ToolArguments(i, request.arguments()));
    }
  }

  private static Told tooLate() {
    return new Told.Failed(
        Problem.of(
            ProblemCode.TIMED_OUT, "the same question was still being answered at the deadline"),
        null,
        null,
        Money.ZERO,
        List.of());
  }
}
