package dev.capstan.llm.stage;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.llm.Told;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.provider.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a question met so far, and the end that follows from it. */
final class Course {
  private final List<Target> targets;
  private final List<Told.Try> tries = new ArrayList<>();
  private final List<String> declines = new ArrayList<>();
  private Money cost = Money.ZERO;
  private @Nullable Fault lastFault;
  private @Nullable Problem lastDecline;
  private @Nullable Instant limitsFreeAt;

  Course(List<Target> targets) {
    this.targets = targets;
  }

  void tried(Attempt attempt, @Nullable Fault fault, Money price) {
    Target target = attempt.target();
    tries.add(
        new Told.Try(
            target.provider().name(), target.model(), fault, price, attempt.progress().took()));
    cost = cost.plus(price);
    lastFault = fault == null ? lastFault : fault;
  }

  void declined(Target target, Problem problem, @Nullable Instant free) {
    declines.add(target.provider().name() + ": " + problem.detail());
    lastDecline = problem;
    if (free != null && (limitsFreeAt == null || free.isBefore(limitsFreeAt))) {
      limitsFreeAt = free;
    }
  }

  Told answered(Answer answer, Target target) {
    return new Told.Answered(answer, target.provider().name(), false, cost, tries);
  }

  /** It broke off after the caller saw a part of it. */
  Told brokeOff(Fault fault, Answer partial, Instant now) {
    Problem problem =
        Problem.of(
            fault.kind().problem(),
            "the answer broke off after it had begun: "
                + fault.kind().wireName()
                + ", "
                + fault.detail());
    return new Told.Failed(problem, partial, retryAfter(now), cost, tries);
  }

  Told refused(Problem problem, Instant now) {
    return new Told.Failed(problem, null, retryAfter(now), cost, tries);
  }

  /** The deadline is there. */
  Told tooLate(Instant now) {
    String met = lastFault == null && lastDecline == null ? "" : "; " + story();
    return refused(Problem.of(ProblemCode.TIMED_OUT, "the call's deadline has passed" + met), now);
  }

  /** Nobody is left to be asked. */
  Told failed(Instant now) {
    if (lastFault != null) {
      return refused(Problem.of(lastFault.kind().problem(), story()), now);
    }
    Problem problem = lastDecline;
    if (problem == null) {
      return refused(Problem.of(ProblemCode.UNAVAILABLE, "nobody could be asked"), now);
    }
    return refused(Problem.of(problem.code(), story()), now);
  }

  /** What happened in its order; what happened again and again once, with how often. */
  private String story() {
    List<String> told = new ArrayList<>(tries.stream().map(Course::sentence).toList());
    told.addAll(declines);
    List<String> story = new ArrayList<>();
    for (int from = 0, to; from < told.size(); from = to) {
      String sentence = told.get(from);
      to = from + 1;
      while (to < told.size() && told.get(to).equals(sentence)) {
        to++;
      }
      story.add(to == from + 1 ? sentence : sentence + " (" + (to - from) + " times)");
    }
    return String.join("; ", story);
  }

  private static String sentence(Told.Try attempt) {
    Fault fault = attempt.fault();
    String end = fault == null ? "answered" : fault.kind().wireName() + ", " + fault.detail();
    return attempt.provider() + ": " + end;
  }

  /** The soonest that anybody said. */
  private @Nullable Duration retryAfter(Instant now) {
    Instant soonest = limitsFreeAt;
    for (Target target : targets) {
      Instant free = target.health().freeAt(now);
      if (free != null && (soonest == null || free.isBefore(soonest))) {
        soonest = free;
      }
    }
    return soonest == null || !soonest.isAfter(now) ? null : Duration.between(now, soonest);
  }
}
