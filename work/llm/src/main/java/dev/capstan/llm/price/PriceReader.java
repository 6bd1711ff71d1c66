package dev.capstan.llm.price;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Reading;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads what tokens cost, in dollars for so many of them, and who says so. */
public final class PriceReader {
  /** What each kind of token costs. */
  public static final List<String> PRICES =
      List.of("input", "output", "cached_input", "cache_write");

  /** Beyond that, what a call of millions of tokens may cost could not be counted. */
  private static final Money MOST_FOR_ONE = Money.dollars("1");

  /**
   * Where prices were read, and when.
   *
   * @param asOf the epoch when that is not said
   */
  public record Origin(String source, LocalDate asOf) {}

  private final Reading reading;

  public PriceReader(Reading reading) {
    this.reading = reading;
  }

  /** From the fields {@code source} and {@code as_of}. */
  public Origin origin(JsonNode row, At at, String unsaid) {
    String source = reading.text(row.get("source"), at.field("source"));
    return new Origin(source == null ? unsaid : source, date(row, at.field("as_of")));
  }

  private LocalDate date(JsonNode row, At at) {
    String text = reading.text(row.get("as_of"), at);
    try {
      return text == null ? LocalDate.EPOCH : LocalDate.parse(text);
    } catch (DateTimeException noDate) {
      reading.findings().add(at, "this should be a date, such as 2026-11-21");
      return LocalDate.EPOCH;
    }
  }

  /**
   * The price in an object with the fields {@link #PRICES}; what is not said of the cache costs
   * what input costs. Null when there is none to be read, which is then a finding.
   *
   * @param per for so many tokens: a power of ten
   */
  public @Nullable Price read(JsonNode node, At at, long per, Origin origin) {
    Money input = needed(node, "input", at, per);
    Money output = needed(node, "output", at, per);
    Money cached = each(node, "cached_input", at, per);
    Money written = each(node, "cache_write", at, per);
    if (input == null || output == null) {
      return null;
    }
    return new Price(
        input,
        cached == null ? input : cached,
        written == null ? input : written,
        output,
        origin.source(),
        origin.asOf());
  }

  private @Nullable Money needed(JsonNode node, String name, At at, long per) {
    if (!node.has(name)) {
      reading
          .findings()
          .add(
              at.field(name),
              "the price of " + name + " tokens is not said; a model that is free says 0");
    }
    return each(node, name, at, per);
  }

  private @Nullable Money each(JsonNode node, String name, At at, long per) {
    Money money = reading.money(node.get(name), at.field(name));
    if (money == null) {
      return null;
    }
    if (money.pico() % per != 0) {
      reading
          .findings()
          .add(
              at.field(name),
              "this is no whole number of millionths of a millionth of a dollar per token",
              Optional.of("round it up to " + roundedUp(money, per)));
    }
    Money one = new Money(money.pico() / per);
    if (one.compareTo(MOST_FOR_ONE) > 0) {
      reading.findings().add(at.field(name), "a token costs at most a dollar");
    }
    return one;
  }

  private static BigDecimal roundedUp(Money money, long per) {
    return new Money((money.pico() / per + 1) * per).dollars();
  }
}
