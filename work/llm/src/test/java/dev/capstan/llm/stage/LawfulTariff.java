package dev.capstan.llm.stage;

import dev.capstan.kernel.Dice;
import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.provider.ProviderCall;
import java.util.Optional;

/**
 * One price for all, and bounds that vendors keep. Of some models words can be counted: their bytes
 * bound what goes in too, but three times as high.
 */
record LawfulTariff(long seed) implements Tariff {
  static final long BYTES = 3 * GatewayRig.INPUT_BOUND;

  @Override
  public Optional<Quote> quote(Target target, ProviderCall call) {
    return counts(target) ? quote(BYTES, call, false) : quote(GatewayRig.INPUT_BOUND, call, false);
  }

  @Override
  public boolean counts(Target target) {
    return Dice.unit(seed, 4, target.provider().name().hashCode()) < 0.5;
  }

  @Override
  public Optional<Quote> counted(Target target, ProviderCall call) {
    return counts(target) ? quote(GatewayRig.INPUT_BOUND, call, true) : Optional.empty();
  }

  private static Optional<Quote> quote(long input, ProviderCall call, boolean counted) {
    Integer output = call.sampling().maxOutputTokens();
    return output == null
        ? Optional.empty()
        : Optional.of(new Quote(GatewayRig.PRICE, input, output, counted));
  }

  @Override
  public void exceeded(Target target, Quote quote, Usage usage) {
    throw new AssertionError("billed beyond its bound");
  }
}
