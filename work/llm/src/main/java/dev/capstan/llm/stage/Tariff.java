package dev.capstan.llm.stage;

import dev.capstan.kernel.Money;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.price.Rate;
import dev.capstan.llm.provider.ProviderCall;
import java.util.Optional;

/** What calls cost, and the most that they can. */
public interface Tariff {
  /**
   * What an attempt can cost at most.
   *
   * @param inputTokens a bound of what goes in
   * @param outputTokens a bound of what comes out
   * @param counted whether the words were counted: no bound is closer
   */
  record Quote(Rate price, long inputTokens, long outputTokens, boolean counted) {
    public Money most() {
      return price.atMost(inputTokens, outputTokens);
    }

    public long tokens() {
      return inputTokens + outputTokens;
    }
  }

  /** Empty when nobody knows the model's price, and so nobody may ask it. */
  Optional<Quote> quote(Target target, ProviderCall call);

  /** Whether it is known how this model cuts words into tokens. */
  default boolean counts(Target target) {
    return false;
  }

  /**
   * A closer bound, for which the call's words are counted as the model does; empty where that is
   * not known. Some kilobytes take a millisecond, so it is for calls that a rougher bound keeps
   * out.
   */
  default Optional<Quote> counted(Target target, ProviderCall call) {
    return Optional.empty();
  }

  /** The vendor billed more than it was told it may: later quotes must be higher. */
  void exceeded(Target target, Quote quote, Usage usage);
}
