package dev.capstan.llm.config;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.document.At;
import dev.capstan.llm.price.Price;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what a model's tokens cost: dollars per 1,000, or per as many as {@code per} says. */
final class CostReader {
  private static final List<String> FIELDS =
      List.of("input", "output", "cached_input", "cache_write", "per", "source", "as_of");
  private static final List<Long> PER = List.of(1L, 1_000L, 1_000_000L);

  private final Values values;

  CostReader(Values values) {
    this.values = values;
  }

  @Nullable Price read(JsonNode node, At at) {
    if (!values.reading.object(node, at, FIELDS)) {
      return null;
    }
    long per = values.number(node.get("per"), at.field("per"), 1, 1_000);
    if (!PER.contains(per)) {
      values.findings.add(at.field("per"), "prices are per 1, 1000 or 1000000 tokens");
    }
    Money input = each(node, "input", at, per);
    Money output = each(node, "output", at, per);
    for (String needed : List.of("input", "output")) {
      if (!node.has(needed)) {
        values.findings.add(at, "the price of " + needed + " tokens is not said");
      }
    }
    if (input == null || output == null) {
      return null;
    }
    Money cached = each(node, "cached_input", at, per);
    Money written = each(node, "cache_write", at, per);
    String source = values.reading.text(node.get("source"), at.field("source"));
    return new Price(
        input,
        cached == null ? input : cached,
        written == null ? input : written,
        output,
        source == null ? "the configuration" : source,
        date(node, at));
  }

  private @Nullable Money each(JsonNode node, String name, At at, long per) {
    Money money = values.money(node.get(name), at.field(name));
    if (money == null) {
      return null;
    }
    if (money.pico() % per != 0) {
      values.findings.add(
          at.field(name),
          "this is no whole number of millionths of a millionth of a dollar per token",
          Optional.of("round it up to " + roundedUp(money, per)));
    }
    return new Money(money.pico() / per);
  }

  private static BigDecimal roundedUp(Money money, long per) {
    return new Money((money.pico() / per + 1) * per).dollars();
  }

  private LocalDate date(JsonNode node, At at) {
    String text = values.reading.text(node.get("as_of"), at.field("as_of"));
    try {
      return text == null ? LocalDate.EPOCH : LocalDate.parse(text);
    } catch (DateTimeException noDate) {
      values.findings.add(at.field("as_of"), "this should be a date, such as 2026-11-21");
      return LocalDate.EPOCH;
    }
  }
}
