package dev.capstan.llm.stage;

import dev.capstan.kernel.Money;
import dev.capstan.llm.budget.Admission;
import dev.capstan.llm.price.Rate;
import dev.capstan.llm.provider.ProviderCall;
import org.jspecify.annotations.Nullable;

/**
 * Fits an attempt into what a budget still allows, by a lower bound of its answer: the end of a
 * budget is spent on short answers, and not left over because a long one might have come.
 */
final class Thrift {
  /** An answer that may not even have so many tokens is not worth asking for. */
  private static final int SHORTEST = 16;

  private Thrift() {}

  /** The same attempt for less; null when that would leave no answer worth asking for. */
  static @Nullable Attempt within(Attempt attempt, Admission.Refused refused) {
    Integer asked = attempt.request().sampling().maxOutputTokens();
    Tariff.Quote quote = attempt.quote();
    // Who was seen to bill beyond its bound cannot be held by a lower one.
    if (asked == null || quote.outputTokens() > asked) {
      return null;
    }
    Money left = refused.budget().limit().minus(refused.settled());
    long affordable = affordable(quote.price(), quote.inputTokens(), quote.outputTokens(), left);
    int fewer = (int) Math.min(asked - 1L, affordable);
    return fewer < SHORTEST ? null : attempt.asking(request(attempt.request(), fewer));
  }

  /** The most output tokens, up to a bound, that so much money pays for. */
  private static long affordable(Rate rate, long input, long most, Money left) {
    long least = -1;
    long tooMany = most + 1;
    while (tooMany - least > 1) {
      long middle = (least + tooMany) >>> 1;
      if (rate.atMost(input, middle).compareTo(left) <= 0) {
        least = middle;
      } else {
        tooMany = middle;
      }
    }
    return least;
  }

  private static ProviderCall request(ProviderCall call, int outputTokens) {
    return new ProviderCall(
        call.model(),
        call.messages(),
        call.tools(),
        call.sampling().withMaxOutputTokens(outputTokens),
        call.format(),
        call.stream(),
        call.timeout(),
        call.idleTimeout());
  }
}
