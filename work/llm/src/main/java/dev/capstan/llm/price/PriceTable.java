package dev.capstan.llm.price;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The price of every model that may be called. A model that is not in it cannot be called, for its
 * cost would be counted by nobody; one that is free says so with a price of 0. A name stands for
 * itself, unless the table says that others are priced alike ({@code also: [gpt-4o-2024-11-20,
 * gpt-4o-mini-*]}); nothing is guessed.
 */
public final class PriceTable {
  private static final String SHIPPED = "prices.yaml";

  /** By name. */
  private final Map<String, ModelPrice> exact;

  /** By what names begin with, where the table says so. */
  private final TreeMap<String, ModelPrice> beginnings;

  PriceTable(Map<String, ModelPrice> exact, Map<String, ModelPrice> beginnings) {
    this.exact = Map.copyOf(exact);
    this.beginnings = new TreeMap<>(beginnings);
  }

  /**
   * Reads a table. Throws a {@link dev.capstan.kernel.Refusal} of {@code invalid_request} that
   * holds every mistake with its place.
   */
  public static PriceTable read(String yaml) {
    return PriceText.read(yaml);
  }

  /** The table that comes with Capstan: prices as they were on the date that each row says. */
  public static PriceTable shipped() {
    try (InputStream text = PriceTable.class.getResourceAsStream(SHIPPED)) {
      if (text == null) {
        throw new IllegalStateException(SHIPPED + " is not on the class path");
      }
      return read(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** Prices that stand elsewhere, by the vendor's name of the model. */
  public static PriceTable of(Map<String, Price> prices) {
    Map<String, ModelPrice> exact = new HashMap<>();
    prices.forEach((model, price) ->
        exact.put(
            model,
            new ModelPrice(
                model,
                price,
                Long.MAX_VALUE,
                null,
                PriceText.DEFAULT_OUTPUT,
                PriceText.MOST_OUTPUT,
                null)));
    return new PriceTable(exact, Map.of());
  }

  /** These prices and tokenizers, and where they say nothing, those. */
  public PriceTable over(PriceTable others) {
    Map<String, ModelPrice> names = new HashMap<>(others.exact);
    exact.forEach((name, price) ->
        names.put(name, others.find(name).map(price::withTokenizerOf).orElse(price)));
    Map<String, ModelPrice> starts = new HashMap<>(others.beginnings);
    starts.putAll(beginnings);
    return new PriceTable(names, starts);
  }

  /**
   * The price of a model by the vendor's name; the longest beginning wins, a whole name over all.
   */
  public Optional<ModelPrice> find(String model) {
    ModelPrice named = exact.get(model);
    if (named != null) {
      return Optional.of(named);
    }
    for (int length = model.length(); length > 0; length--) {
      ModelPrice price = beginnings.get(model.substring(0, length));
      if (price != null) {
        return Optional.of(price);
      }
    }
    return Optional.empty();
  }

  /** The same; throws a {@link dev.capstan.kernel.Refusal} of {@code invalid_request}. */
  public ModelPrice price(String model) {
    return find(model)
        .orElseThrow(() ->
            Problem.of(
                    ProblemCode.INVALID_REQUEST,
                    "the model '"
                        + model
                        + "' has no price, so its calls cannot be kept within a budget;"
                        + " give it one, of 0 if it is free")
                .refusal());
  }

  /** How many tokens a text is to this model, at most: its bytes where nobody knows. */
  public long tokens(String model, String text) {
    return find(model)
        .map(ModelPrice::tokenizer)
        .map(tokenizer -> tokenizer.tokens(text))
        .orElseGet(() -> Bound.bytes(text));
  }

  /** Every model by its name in the table. */
  public Map<String, ModelPrice> models() {
    Map<String, ModelPrice> named = new TreeMap<>();
    exact.values().forEach(price -> named.put(price.model(), price));
    return named;
  }
}
