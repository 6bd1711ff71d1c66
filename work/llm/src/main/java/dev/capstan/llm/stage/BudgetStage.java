package dev.capstan.llm.stage;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Refusal;
import dev.capstan.llm.Origin;
import dev.capstan.llm.Patience;
import dev.capstan.llm.budget.Admission;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.budget.Claim;
import dev.capstan.llm.budget.Reservation;
import dev.capstan.llm.budget.Settlement;
import dev.capstan.llm.budget.Settlement.How;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.provider.Fault;
import dev.capstan.llm.provider.FaultKind.Bill;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reserves the worst case before an attempt and settles what it did cost after it. */
final class BudgetStage implements Leg {
  /**
   * What finds no room by its bytes for so long is counted: as a rule longer than a ledger asks its
   * store.
   */
  private static final Duration BEFORE_COUNTING = Duration.ofMillis(50);

  private final GatewayParts parts;
  private final Leg next;
  private final Trials trials;

  BudgetStage(GatewayParts parts, Leg next) {
    this.parts = parts;
    this.next = next;
    this.trials = new Trials(parts);
  }

  @Override
  public Tried attempt(Attempt attempt) throws InterruptedException {
    Attempt asked = attempt;
    boolean counts = false;
    while (true) {
      boolean proven = trials.isOver(asked.target());
      Optional<Tariff.Quote> quote =
          counts
              ? parts.tariff().counted(asked.target(), asked.request())
              : parts.tariff().quote(asked.target(), asked.request());
      if (quote.isEmpty()) {
        return Declines.unpriced(asked.target());
      }
      asked.progress().quoted(quote.get());
      Claim claim = claim(asked, quote.get().most());
      try (Trials.Turn turn = proven ? Trials.Turn.FREE : trials.turn(asked, claim)) {
        if (turn.leave() == Trials.Leave.TOO_LATE) {
          return Declines.unproven(asked.target());
        }
        if (turn.leave() == Trials.Leave.WITH_A_NEW_QUOTE) {
          continue;
        }
        Admission admission;
        try {
          admission = reserve(asked, claim, counts);
        } catch (Refusal away) {
          return new Tried.Declined("ledger", away.problem(), false, null);
        }
        switch (admission) {
          case Admission.Reserved reserved -> {
            return spend(asked, reserved.reservation());
          }
          case Admission.GaveUp gaveUp -> {
            if (counts || !parts.tariff().counts(asked.target())) {
              return Declines.gaveUp(gaveUp);
            }
            counts = true;
          }
          case Admission.Refused refused -> {
            if (!counts && isWorthCounting(asked, refused)) {
              counts = true;
              continue;
            }
            Attempt shorter = Thrift.within(asked, refused);
            if (shorter == null) {
              return Declines.refused(refused);
            }
            asked = shorter;
          }
        }
      }
    }
  }

  /** Whether it may fit once its words are counted: something is left that would pay for some. */
  private boolean isWorthCounting(Attempt attempt, Admission.Refused refused) {
    Money left = refused.budget().limit().minus(refused.settled());
    return parts.tariff().counts(attempt.target())
        && attempt.quote().price().atMost(1, 1).compareTo(left) <= 0;
  }

  private Admission reserve(Attempt attempt, Claim claim, boolean counts)
      throws InterruptedException {
    if (!counts && parts.tariff().counts(attempt.target())) {
      Instant soon = parts.clock().instant().plus(BEFORE_COUNTING);
      Instant until = soon.isBefore(attempt.waitUntil()) ? soon : attempt.waitUntil();
      return parts.ledger().reserve(claim, new Patience(until, Patience.WaitListener.NOBODY));
    }
    Watch watch = new Watch(parts, attempt, "budget");
    try {
      return parts.ledger().reserve(claim, watch.patience());
    } finally {
      watch.over();
    }
  }

  private Claim claim(Attempt attempt, Money most) {
    Origin origin = attempt.origin();
    List<Budget> budgets = new ArrayList<>(attempt.call().budgets());
    for (Budget usual : parts.rules().budgets(origin, attempt.target(), parts.clock().instant())) {
      // A budget that the caller set for its own run or agent stands instead of the usual one.
      if (budgets.stream().noneMatch(own -> own.account().equals(usual.account()))) {
        budgets.add(usual);
      }
    }
    return new Claim(
        origin.tenant(),
        origin.run(),
        origin.step(),
        origin.agent(),
        origin.key(),
        attempt.target().provider().name(),
        attempt.target().model(),
        budgets,
        most);
  }

  private Tried spend(Attempt attempt, Reservation reservation) throws InterruptedException {
    @Nullable Settlement settlement = null;
    try {
      Tried tried = next.attempt(attempt);
      settlement = settlement(attempt, tried);
      return priced(tried, settlement);
    } finally {
      Settlement known = settlement == null ? brokenOff(attempt) : settlement;
      attempt.progress().costs(known.cost());
      parts.ledger().settle(reservation, known);
    }
  }

  /** Where the vendor did not say what was used, the caller is told what the ledger is. */
  private static Tried priced(Tried tried, Settlement booked) {
    return switch (tried) {
      case Tried.Answered answered -> {
        Answer answer = answered.answer();
        yield new Tried.Answered(
            booked.how() == How.REPORTED ? answer : answer.withUsage(booked.usage()),
            booked.cost());
      }
      case Tried.Faulted faulted -> {
        Fault fault = faulted.fault();
        yield new Tried.Faulted(
            booked.how() == How.RECEIVED ? fault.withUsage(booked.usage()) : fault, booked.cost());
      }
      case Tried.Declined declined -> declined;
    };
  }

  private Settlement settlement(Attempt attempt, Tried tried) {
    return switch (tried) {
      case Tried.Answered answered -> answered(attempt, answered.answer().usage());
      case Tried.Faulted faulted -> faulted(attempt, faulted.fault());
      case Tried.Declined _ -> Settlement.FREE;
    };
  }

  private Settlement answered(Attempt attempt, Usage told) {
    Usage usage = told.reported() ? told : received(attempt, told);
    Tariff.Quote quote = attempt.quote();
    Money cost = quote.price().of(usage);
    if (cost.compareTo(quote.most()) > 0) {
      parts.tariff().exceeded(attempt.target(), quote, usage);
    }
    trials.billed(attempt.target());
    return new Settlement(usage, cost, usage.reported() ? How.REPORTED : How.RECEIVED);
  }

  private Settlement faulted(Attempt attempt, Fault fault) {
    Answer partial = fault.partial();
    if (partial != null && attempt.call().stream()) {
      Usage usage = received(attempt, partial.usage());
      return new Settlement(usage, attempt.quote().price().of(usage), How.RECEIVED);
    }
    if (attempt.delivery().hasBegun()) {
      return received(attempt);
    }
    return fault.kind().bill() == Bill.NOTHING ? Settlement.FREE : unknown(attempt);
  }

  /** Nothing came back to tell how it ended: it was interrupted, or something of ours broke. */
  private Settlement brokenOff(Attempt attempt) {
    if (!attempt.progress().wasAsked()) {
      return Settlement.FREE;
    }
    return attempt.delivery().hasBegun() ? received(attempt) : unknown(attempt);
  }

  /** What the vendor did not say went in was no more than what was sent, counted. */
  private Usage received(Attempt attempt, Usage usage) {
    return usage.withInputAtMost(attempt.closest(parts.tariff()).inputTokens());
  }

  private Settlement received(Attempt attempt) {
    Tariff.Quote quote = attempt.closest(parts.tariff());
    Answer partial =
        attempt
            .delivery()
            .partial(attempt.target().model(), quote.inputTokens(), quote.outputTokens());
    Usage usage = partial.usage();
    return new Settlement(
        usage, quote.price().atMost(usage.inputTokens(), usage.outputTokens()), How.RECEIVED);
  }

  private Settlement unknown(Attempt attempt) {
    Tariff.Quote quote = attempt.closest(parts.tariff());
    Usage bound = new Usage(quote.inputTokens(), 0, 0, quote.outputTokens(), 0, false);
    return new Settlement(bound, quote.most(), How.UNKNOWN);
  }
}
