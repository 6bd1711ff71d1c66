package dev.capstan.llm.stage;

import dev.capstan.llm.chat.Usage;
import dev.capstan.llm.price.Bound;
import dev.capstan.llm.price.Bounds;
import dev.capstan.llm.price.ModelPrice;
import dev.capstan.llm.price.PriceTable;
import dev.capstan.llm.provider.ProviderCall;
import java.util.Optional;

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
        .map(price ->
            quote(
                target,
                price,
                Bound.of(
                    price,
                    call.messages(),
                    call.tools(),
                    call.format(),
                    call.sampling().maxOutputTokens())));
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
            Bound.counted(
                    price,
                    call.messages(),
                    call.tools(),
                    call.format(),
                    call.sampling().maxOutputTokens())
                .map(bound -> quote(target, price, bound)));
  }

  private Quote quote(Target target, ModelPrice price, Bound bound) {
    String provider = target.provider().name();
    String model = target.model();
    return new Quote(
        price,
        bounds.raised(provider, model, bound.inputTokens()),
        bounds.raised(provider, model, bound.outputTokens()));
  }

  @Override
  public void exceeded(Target target, Quote quote, Usage usage) {
    bounds.exceeded(
        target.provider().name(), target.model(), quote.most(), quote.price().of(usage));
  }
}
