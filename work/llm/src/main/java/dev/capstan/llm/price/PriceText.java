package dev.capstan.llm.price;

import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Document;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Reading;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads a price table. {@code model_costs} holds a row for each model, at the root or under {@code
 * cost_tracking}; prices are dollars per 1,000 tokens, or per million where {@code per: million}
 * stands beside it.
 */
final class PriceText {
  private static final List<String> ROW =
      List.of(
          "input",
          "cached_input",
          "cache_write",
          "output",
          "over",
          "default_output",
          "max_output",
          "also",
          "source",
          "as_of");
  private static final List<String> LONG =
      List.of("tokens", "input", "cached_input", "cache_write", "output");
  static final int DEFAULT_OUTPUT = 4_096;
  static final int MOST_OUTPUT = 1_000_000;

  private final Findings findings = new Findings();
  private final Reading reading = new Reading(findings);
  private final Map<String, ModelPrice> exact = new HashMap<>();
  private final Map<String, ModelPrice> beginnings = new HashMap<>();
  private int decimals = 3;

  private PriceText() {}

  static PriceTable read(String text) {
    PriceText reader = new PriceText();
    Document document = Document.read(text, reader.findings);
    if (document.root() != null) {
      reader.root(document.root(), At.ROOT);
    }
    if (!reader.findings.isEmpty()) {
      throw Problem.of(
              ProblemCode.INVALID_REQUEST,
              "the price table has mistakes",
              reader.findings.mistakes(document.places()))
          .refusal();
    }
    return new PriceTable(reader.exact, reader.beginnings);
  }

  private void root(JsonNode root, At at) {
    JsonNode nested = root.get("cost_tracking");
    if (nested != null) {
      root(nested, at.field("cost_tracking"));
      return;
    }
    JsonNode per = root.get("per");
    if (per != null) {
      unit(per, at.field("per"));
    }
    JsonNode rows = root.get("model_costs");
    if (rows == null || !rows.isObject()) {
      findings.add(at, "'model_costs' should hold a row for each model");
      return;
    }
    rows.properties()
        .forEach(
            row -> row(row.getKey(), row.getValue(), at.field("model_costs").field(row.getKey())));
  }

  private void unit(JsonNode per, At at) {
    switch (per.asString("")) {
      case "thousand" -> decimals = 3;
      case "million" -> decimals = 6;
      default -> findings.add(at, "prices are per 'thousand' or per 'million' tokens");
    }
  }

  private void row(String model, JsonNode row, At at) {
    if (!reading.object(row, at, ROW)) {
      return;
    }
    Price price = price(row, at, row, at);
    JsonNode over = row.get("over");
    Price longPrice = null;
    int longInput = Integer.MAX_VALUE;
    if (over != null && reading.object(over, at.field("over"), LONG)) {
      if (!over.has("tokens")) {
        findings.add(at.field("over"), "'tokens' is missing: from how many on?");
      }
      longInput =
          reading.integer(
              over.get("tokens"), at.field("over").field("tokens"), 1, 1_000_000_000, longInput);
      longPrice = price(over, at.field("over"), row, at);
    }
    int most =
        reading.integer(row.get("max_output"), at.field("max_output"), 1, MOST_OUTPUT, MOST_OUTPUT);
    int usual =
        reading.integer(
            row.get("default_output"),
            at.field("default_output"),
            1,
            most,
            Math.min(DEFAULT_OUTPUT, most));
    ModelPrice made = new ModelPrice(model, price, longInput, longPrice, usual, most);
    name(model, made, at);
    also(row.get("also"), made, at.field("also"));
  }

  private void also(@Nullable JsonNode names, ModelPrice row, At at) {
    if (names == null) {
      return;
    }
    if (!names.isArray()) {
      reading.wrong(names, at, "a list of names");
      return;
    }
    for (int i = 0; i < names.size(); i++) {
      String name = reading.text(names.get(i), at.item(i));
      if (name != null) {
        name(name, row, at.item(i));
      }
    }
  }

  private void name(String name, ModelPrice row, At at) {
    boolean beginning = name.endsWith("*");
    String plain = beginning ? name.substring(0, name.length() - 1) : name;
    if (plain.isEmpty() || plain.contains("*")) {
      findings.add(at, "a name may end with one * and needs something before it");
    } else if ((beginning ? beginnings : exact).put(plain, row) != null) {
      findings.add(at, "'" + name + "' is priced twice");
    }
  }

  /** What is not said of the cache costs what input costs; the source stands in the row. */
  private Price price(JsonNode node, At at, JsonNode row, At rowAt) {
    Money input = money(node, "input", at, null);
    String source = reading.text(row.get("source"), rowAt.field("source"));
    return new Price(
        input,
        money(node, "cached_input", at, input),
        money(node, "cache_write", at, input),
        money(node, "output", at, null),
        source == null ? "" : source,
        date(row.get("as_of"), rowAt.field("as_of")));
  }

  private Money money(JsonNode node, String name, At at, @Nullable Money otherwise) {
    JsonNode value = node.get(name);
    if (value == null) {
      if (otherwise == null) {
        findings.add(at.field(name), "is missing; a model that is free says 0");
      }
      return otherwise == null ? Money.ZERO : otherwise;
    }
    if (value.isNumber()) {
      BigDecimal each = value.decimalValue().movePointLeft(decimals);
      BigDecimal picos = each.movePointRight(12).stripTrailingZeros();
      if (each.signum() >= 0 && picos.scale() <= 0 && picos.precision() - picos.scale() <= 15) {
        return new Money(picos.longValueExact());
      }
    }
    findings.add(
        at.field(name),
        "should be dollars, 0 or more, with at most 12 decimals for one token, such as 0.0025");
    return Money.ZERO;
  }

  private LocalDate date(@Nullable JsonNode value, At at) {
    String text = reading.text(value, at);
    try {
      return text == null ? LocalDate.EPOCH : LocalDate.parse(text);
    } catch (DateTimeException unfit) {
      findings.add(at, "should be a date such as 2026-11-21");
      return LocalDate.EPOCH;
    }
  }
}
