package dev.capstan.llm.price;

import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.kernel.document.At;
import dev.capstan.kernel.document.Document;
import dev.capstan.kernel.document.Findings;
import dev.capstan.kernel.document.Reading;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads a price table. {@code model_costs} holds a row for each model, at the root or under {@code
 * cost_tracking}; prices are dollars per 1,000 tokens, or per million where {@code per: million}
 * stands beside it.
 */
final class PriceText {
  private static final List<String> ROW =
      Stream.concat(
              PriceReader.PRICES.stream(),
              Stream.of(
                  "over", "default_output", "max_output", "also", "tokenizer", "source", "as_of"))
          .toList();
  private static final List<String> LONG =
      Stream.concat(Stream.of("tokens"), PriceReader.PRICES.stream()).toList();
  static final int DEFAULT_OUTPUT = 4_096;
  static final int MOST_OUTPUT = 1_000_000;

  private final Findings findings = new Findings();
  private final Reading reading = new Reading(findings);
  private final Map<String, ModelPrice> exact = new HashMap<>();
  private final Map<String, ModelPrice> beginnings = new HashMap<>();
  private final PriceReader prices = new PriceReader(reading);
  private long per = 1_000;

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
      case "thousand" -> this.per = 1_000;
      case "million" -> this.per = 1_000_000;
      default -> findings.add(at, "prices are per 'thousand' or per 'million' tokens");
    }
  }

  private void row(String model, JsonNode row, At at) {
    if (!reading.object(row, at, ROW)) {
      return;
    }
    PriceReader.Origin origin = prices.origin(row, at, "");
    Price price = prices.read(row, at, per, origin);
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
      longPrice = prices.read(over, at.field("over"), per, origin);
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
    if (price != null) {
      Tokenizer tokenizer = tokenizer(row.get("tokenizer"), at.field("tokenizer"));
      ModelPrice made = new ModelPrice(model, price, longInput, longPrice, usual, most, tokenizer);
      name(model, made, at);
      also(row.get("also"), made, at.field("also"));
    }
  }

  private @Nullable Tokenizer tokenizer(@Nullable JsonNode node, At at) {
    String name = reading.text(node, at);
    if (name == null) {
      return null;
    }
    Tokenizer known = Tokenizer.named(name).orElse(null);
    if (known == null) {
      findings.add(at, "'" + name + "' is no tokenizer that is known here: " + Tokenizer.names());
    }
    return known;
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
}
