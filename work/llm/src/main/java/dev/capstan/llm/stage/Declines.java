package dev.capstan.llm.stage;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.llm.budget.Account;
import dev.capstan.llm.budget.Admission;
import dev.capstan.llm.budget.Budget;
import dev.capstan.llm.limit.Limiter;

/** Why an attempt is not made, in words. */
final class Declines {
  private Declines() {}

  static Problem breaker(Target target) {
    return Problem.of(
        ProblemCode.CIRCUIT_OPEN, target + " failed too often and is not asked for a while");
  }

  static Tried.Declined unpriced(Target target) {
    return new Tried.Declined(
        "budget",
        Problem.of(
            ProblemCode.INVALID_REQUEST,
            "no price is known for "
                + target.model()
                + ", so no budget could hold it; name one under cost_tracking.model_costs"),
        true,
        null);
  }

  static Tried.Declined unproven(Target target) {
    return new Tried.Declined(
        "budget",
        Problem.of(
            ProblemCode.TOO_MANY_REQUESTS,
            "money is short, and the call waited in vain for another one to show what "
                + target
                + " bills"),
        true,
        null);
  }

  static Tried.Declined refused(Admission.Refused refused) {
    return new Tried.Declined(
        "budget",
        Problem.of(
            ProblemCode.LIMIT_REACHED,
            "the call may cost up to "
                + refused.asked()
                + " dollars, which "
                + standing(refused.budget(), refused.settled(), refused.reserved())),
        refused.budget().account().scope() == Account.Scope.MODEL,
        null);
  }

  static Tried.Declined gaveUp(Admission.GaveUp gaveUp) {
    return new Tried.Declined(
        "budget",
        Problem.of(
            ProblemCode.TOO_MANY_REQUESTS,
            "the call may cost up to "
                + gaveUp.asked()
                + " dollars and waited in vain for others to settle, for "
                + standing(gaveUp.budget(), gaveUp.settled(), gaveUp.reserved())),
        gaveUp.budget().account().scope() == Account.Scope.MODEL,
        null);
  }

  private static String standing(Budget budget, Money settled, Money reserved) {
    return "the budget of "
        + budget.account()
        + " does not allow: of "
        + budget.limit()
        + " dollars "
        + settled
        + " are spent and "
        + reserved
        + " reserved";
  }

  static Tried.Declined turnedAway(Limiter.Entry.TurnedAway away) {
    boolean never = away.freeAt() == null;
    return new Tried.Declined(
        "limit",
        Problem.of(
            ProblemCode.TOO_MANY_REQUESTS,
            "the limit of "
                + away.limit().most()
                + " ("
                + away.limit()
                + ") has no room"
                + (never ? "" : " before " + away.freeAt())),
        true,
        away.freeAt());
  }
}
