package dev.capstan.llm.stage;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.llm.Hold;
import dev.capstan.llm.Told;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.provider.Fault;
import dev.capstan.llm.provider.FaultKind;
import dev.capstan.llm.provider.ProviderCall;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks the targets of a route, one after the other, by what {@link FaultKind} says of each fault.
 * Every attempt is a new reservation and a new entry to the limits. As soon as the caller saw a
 * part of an answer, nobody else goes on with it.
 */
final class Failover implements Stage {
  private final GatewayParts parts;
  private final Leg legs;

  Failover(GatewayParts parts, Leg legs) {
    this.parts = parts;
    this.legs = legs;
  }

  @Override
  public Told ask(Question question) throws InterruptedException {
    List<Target> targets = question.route().targets();
    Course course = new Course(targets);
    for (int i = 0; i < targets.size(); i++) {
      Told end = at(targets.get(i), question, course, targets.subList(i + 1, targets.size()));
      if (end != null) {
        return end;
      }
    }
    return course.failed(now());
  }

  /** The end, or null when the next target is to be asked. */
  private @Nullable Told at(Target target, Question question, Course course, List<Target> others)
      throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      Instant now = now();
      if (!now.isBefore(question.call().deadline())) {
        return course.tooLate(now);
      }
      if (!mayBeAsked(target, question, course, others)) {
        return null;
      }
      Attempt made = attempt(target, question, others);
      Tried tried = legs.attempt(made);
      switch (tried) {
        case Tried.Answered answered -> {
          course.tried(made, null, answered.cost());
          return course.answered(answered.answer(), target);
        }
        case Tried.Declined declined -> {
          course.declined(target, declined.problem(), declined.freeAt());
          return declined.elsewhere() ? null : course.refused(declined.problem(), now());
        }
        case Tried.Faulted faulted -> {
          course.tried(made, faulted.fault(), faulted.cost());
          obey(target, faulted.fault());
          Answer partial = partial(made, faulted.fault());
          if (partial != null) {
            return course.brokeOff(faulted.fault(), partial, now());
          }
          if (faulted.fault().kind().then() == FaultKind.Then.TELL_THE_CALLER) {
            return course.failed(now());
          }
          if (!goesOn(made, faulted.fault(), attempt, others)) {
            return null;
          }
        }
      }
    }
  }

  /** Not while its breaker is open, nor before the vendor wants to be asked again. */
  private boolean mayBeAsked(Target target, Question question, Course course, List<Target> others)
      throws InterruptedException {
    Instant now = now();
    Instant shut = target.health().shutUntil(now);
    if (shut != null) {
      course.declined(target, Declines.breaker(target), shut);
      parts
          .meter()
          .declined(question.call().origin(), target.provider().name(), target.model(), "breaker");
      return false;
    }
    Instant rests = target.health().restsUntil();
    if (rests.isAfter(now) && !pause(target, rests, question, others)) {
      course.declined(
          target, Problem.of(ProblemCode.TOO_MANY_REQUESTS, "asked to be left alone"), rests);
      return false;
    }
    return true;
  }

  /** The vendor's own word about when to come back counts for all calls. */
  private void obey(Target target, Fault fault) {
    Duration retryAfter = fault.retryAfter();
    if (retryAfter != null) {
      target.health().rests(now().plus(retryAfter));
    }
  }

  /** What the caller has seen of it. */
  private static @Nullable Answer partial(Attempt made, Fault fault) {
    if (!made.delivery().hasBegun()) {
      return null;
    }
    Answer told = fault.partial();
    return told != null
        ? told
        : made.delivery()
            .partial(
                made.target().model(), made.quote().inputTokens(), made.quote().outputTokens());
  }

  /** Whether the same target is asked once more; the pause before it is over then. */
  private boolean goesOn(Attempt made, Fault fault, int attempt, List<Target> others)
      throws InterruptedException {
    Target target = made.target();
    Duration retryAfter = fault.retryAfter();
    Retries retries = made.question().route().retries();
    if (fault.kind().then() != FaultKind.Then.RETRY_OR_FAIL_OVER || attempt > retries.most()) {
      return false;
    }
    Duration pause =
        retryAfter != null
            ? retryAfter
            : retries.pause(attempt, parts.seed() ^ made.question().number());
    Instant again = now().plus(pause);
    // Who was silent once for a whole time-out is not given another one while somebody else is
    // left.
    boolean slow = fault.kind() == FaultKind.TIMED_OUT && isLeft(others, again);
    return !slow && pause(target, again, made.question(), others);
  }

  /** Waits, if it is worth it; otherwise says no at once. */
  private boolean pause(Target target, Instant until, Question question, List<Target> others)
      throws InterruptedException {
    Instant now = now();
    boolean fits = until.isBefore(question.call().deadline());
    boolean brief = !until.isAfter(now.plus(question.route().retries().failoverAfter()));
    if (!fits || (!brief && isLeft(others, until))) {
      return false;
    }
    question
        .listener()
        .waiting(
            new Hold.ForProvider(now, target.provider().name() + " before another attempt", until));
    parts.meter().waits("provider");
    try {
      Pause.until(until, parts.timers());
    } finally {
      question.listener().waiting(null);
      parts.meter().waited("provider", Duration.between(now, now()));
    }
    return true;
  }

  /** Whether one of them may be asked by then. */
  private boolean isLeft(List<Target> others, Instant by) {
    Instant now = now();
    for (Target other : others) {
      Instant shut = other.health().shutUntil(now);
      if ((shut == null || shut.isBefore(by)) && !other.health().restsUntil().isAfter(by)) {
        return true;
      }
    }
    return false;
  }

  private Attempt attempt(Target target, Question question, List<Target> others) {
    Instant now = now();
    Instant deadline = question.call().deadline();
    Instant patient = now.plus(question.route().patience());
    boolean alone = others.isEmpty() || !isLeft(others, now) || patient.isAfter(deadline);
    ProviderCall request = Requests.of(question, target);
    return new Attempt(
        question,
        target,
        request,
        alone ? deadline : patient,
        new Delivery(question.sink(), parts.nanos()),
        new Progress());
  }

  private Instant now() {
    return parts.clock().instant();
  }
}
