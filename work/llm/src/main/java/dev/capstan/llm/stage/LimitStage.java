package dev.capstan.llm.stage;

import dev.capstan.kernel.Refusal;
import dev.capstan.llm.Patience;
import dev.capstan.llm.chat.Answer;
import dev.capstan.llm.limit.Limit;
import dev.capstan.llm.limit.Limiter;
import dev.capstan.llm.provider.FaultKind.Bill;
import java.util.List;

/** Waits until every limit of the call has room for it. */
final class LimitStage implements Leg {
  private final GatewayParts parts;
  private final Leg next;

  LimitStage(GatewayParts parts, Leg next) {
    this.parts = parts;
    this.next = next;
  }

  @Override
  public Tried attempt(Attempt attempt) throws InterruptedException {
    List<Limit> limits = parts.rules().limits(attempt.origin(), attempt.target());
    if (limits.isEmpty()) {
      return next.attempt(attempt);
    }
    Watch watch = new Watch(parts, attempt, "limit");
    Limiter.Entry entry;
    try {
      entry = enter(attempt, limits, watch.patience());
    } catch (Refusal away) {
      return new Tried.Declined("limit", away.problem(), false, null);
    } finally {
      watch.over();
    }
    return switch (entry) {
      case Limiter.Entry.TurnedAway away -> Declines.turnedAway(away);
      case Limiter.Entry.Entered entered -> inside(attempt, entered.pass());
    };
  }

  /** Where there is no room at once for as many tokens as bytes, the words are counted. */
  private Limiter.Entry enter(Attempt attempt, List<Limit> limits, Patience patience)
      throws InterruptedException {
    boolean counts =
        limits.stream().anyMatch(limit -> limit.unit() == Limit.Unit.TOKENS)
            && parts.tariff().counts(attempt.target())
            && !attempt.quote().counted();
    if (counts) {
      Patience none = new Patience(parts.clock().instant(), Patience.WaitListener.NOBODY);
      if (parts.limiter().enter(limits, attempt.quote().tokens(), none)
          instanceof Limiter.Entry.Entered entered) {
        return entered;
      }
      return parts.limiter().enter(limits, attempt.closest(parts.tariff()).tokens(), patience);
    }
    return parts.limiter().enter(limits, attempt.quote().tokens(), patience);
  }

  private Tried inside(Attempt attempt, Limiter.Pass pass) throws InterruptedException {
    try (pass) {
      Tried tried = next.attempt(attempt);
      switch (tried) {
        case Tried.Answered answered -> pass.used(answered.answer().usage().totalTokens());
        case Tried.Declined _ -> pass.unused();
        case Tried.Faulted faulted -> {
          Answer partial = faulted.fault().partial();
          if (partial != null) {
            pass.used(partial.usage().totalTokens());
          } else if (faulted.fault().kind().bill() == Bill.NOTHING) {
            pass.used(0);
          }
        }
      }
      return tried;
    }
  }
}
