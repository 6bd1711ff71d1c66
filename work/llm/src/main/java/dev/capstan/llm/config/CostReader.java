package dev.capstan.llm.config;

import dev.capstan.kernel.document.At;
import dev.capstan.llm.price.Price;
import dev.capstan.llm.price.PriceReader;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what a model's tokens cost: dollars per 1,000, or per as many as {@code per} says. */
final class CostReader {
  private static final List<String> FIELDS =
      Stream.concat(PriceReader.PRICES.stream(), Stream.of("per", "source", "as_of")).toList();
  private static final List<Long> PER = List.of(1L, 1_000L, 1_000_000L);

  private final Values values;
  private final PriceReader prices;

  CostReader(Values values) {
    this.values = values;
    this.prices = new PriceReader(values.reading);
  }

  @Nullable Price read(JsonNode node, At at) {
    if (!values.reading.object(node, at, FIELDS)) {
      return null;
    }
    long per = values.number(node.get("per"), at.field("per"), 1, 1_000);
    if (!PER.contains(per)) {
      values.findings.add(at.field("per"), "prices are per 1, 1000 or 1000000 tokens");
      return null;
    }
    return prices.read(node, at, per, prices.origin(node, at, "the configuration"));
  }
}
