package dev.capstan.llm.stage;

import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.price.Bound;
import dev.capstan.llm.price.Bounds;
import dev.capstan.llm.price.ModelPrice;
import dev.capstan.llm.price.PriceTable;
import dev.capstan.llm.provider.ProviderCall;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Prices by a table, and worst cases by bytes or by the model's tokenizer; what a vendor once
 * billed beyond them raises them.
 */
public final class TableTariff implements Tariff {
  private final PriceTable prices;
  private final Bounds bounds;

  /**
   * A tariff.
   *
   * @param bounds what earlier processes learned of vendors that billed too much
   */
  public TableTariff(PriceTable prices, Bounds bounds) {
    this.prices = prices;
    this.bounds = bounds;
  }

  @Override
  public Optional<Quote> quote(Target target, ProviderCall call) {
    return prices
        .find(call.model())
        .map(price -> quote(target, price, Bound.of(price, sent(call), most(call)), false));
  }

  @Override
  public boolean counts(Target target) {
    return prices.find(target.model()).map(ModelPrice::tokenizer).isPresent();
  }

  @Override
  public Optional<Quote> counted(Target target, ProviderCall call) {
    return prices
        .find(call.model())
        .flatMap(price ->
            Bound.counted(price, sent(call), most(call))
                .map(bound -> quote(target, price, bound, true)));
  }

  private static Bound.Sent sent(ProviderCall call) {
    return new Bound.Sent(call.messages(), call.tools(), call.format());
  }

  private static @Nullable Integer most(ProviderCall call) {
    return call.sampling().maxOutputTokens();
  }

  private Quote quote(Target target, ModelPrice price, Bound bound, boolean counted) {
    String provider = target.provider().name();
    String model = target.model();
    return new Quote(
        price,
        bounds.raised(provider, model, bound.inputTokens()),
        bounds.raised(provider, model, bound.outputTokens()),
        counted);
  }

  @Override
  public void exceeded(Target target, Quote quote, Usage usage) {
    bounds.exceeded(
        target.provider().name(), target.model(), quote.most(), quote.price().of(usage));
  }
}
