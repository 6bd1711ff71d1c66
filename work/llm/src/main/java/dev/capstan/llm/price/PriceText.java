package dev.capstan.llm.price;

import dev.capstan.kernel.Mistake;
import dev.capstan.kernel.Money;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads a price table. {@code model_costs} holds a row for each model, at the root or under {@code
 * cost_tracking}; prices are dollars per 1,000 tokens, or per million where {@code per: million}
 * stands beside it.
 */
final class PriceText {
  private static final Set<String> ROW =
      Set.of(
          "input",
          "cached_input",
          "cache_write",
          "output",
          "source",
          "as_of",
          "also",
          "default_output",
          "max_output",
          "over");
  private static final Set<String> LONG =
      Set.of("tokens", "input", "cached_input", "cache_write", "output");
  private static final int DEFAULT_OUTPUT = 4_096;
  private static final int MOST_OUTPUT = 1_000_000;

  private final List<Mistake> mistakes = new ArrayList<>();
  private final Map<String, ModelPrice> exact = new HashMap<>();
  private final Map<String, ModelPrice> beginnings = new HashMap<>();
  private BigDecimal unit = BigDecimal.valueOf(1_000);

  private PriceText() {}

  static PriceTable read(String yaml) {
    PriceText reader = new PriceText();
    try {
      LoaderOptions options = new LoaderOptions();
      options.setNestingDepthLimit(20);
      options.setMaxAliasesForCollections(100);
      Node root = new Yaml(options).compose(new StringReader(yaml));
      reader.root(root);
    } catch (MarkedYAMLException broken) {
      reader.mistake(broken.getProblemMark(), "", "this is no valid YAML: " + broken.getProblem());
    } catch (YAMLException broken) {
      reader.mistake(null, "", "this is no valid YAML: " + broken.getMessage());
    }
    if (!reader.mistakes.isEmpty()) {
      throw Problem.of(ProblemCode.INVALID_REQUEST, "the price table has mistakes", reader.mistakes)
          .refusal();
    }
    return new PriceTable(reader.exact, reader.beginnings);
  }

  private void root(@Nullable Node root) {
    Map<String, Node> fields = fields(root, "");
    Node nested = fields.get("cost_tracking");
    String path = "";
    if (nested != null) {
      fields = fields(nested, "cost_tracking");
      path = "cost_tracking.";
    }
    Node per = fields.get("per");
    if (per != null) {
      unit(per, path + "per");
    }
    Node rows = fields.get("model_costs");
    if (rows == null) {
      mistake(root == null ? null : root.getStartMark(), "", "'model_costs' is missing");
      return;
    }
    String within = path + "model_costs";
    fields(rows, within).forEach((model, row) -> row(model, row, within + "." + model));
  }

  private void unit(Node per, String path) {
    switch (text(per, path)) {
      case "thousand", "1000" -> unit = BigDecimal.valueOf(1_000);
      case "million", "1000000" -> unit = BigDecimal.valueOf(1_000_000);
      default ->
          mistake(per.getStartMark(), path, "prices are per 'thousand' or per 'million' tokens");
    }
  }

  private void row(String model, Node node, String path) {
    Map<String, Node> fields = fields(node, path);
    unknown(fields, ROW, path);
    Price price = price(fields, node, path);
    long longInput = Long.MAX_VALUE;
    Price longPrice = null;
    Node over = fields.get("over");
    if (over != null) {
      Map<String, Node> dear = fields(over, path + ".over");
      unknown(dear, LONG, path + ".over");
      longInput = whole(dear, "tokens", 0, path + ".over");
      longPrice = price(dear, over, path + ".over");
    }
    int most = whole(fields, "max_output", MOST_OUTPUT, path);
    int usual = whole(fields, "default_output", Math.min(DEFAULT_OUTPUT, most), path);
    if (usual > most) {
      mistake(node.getStartMark(), path + ".default_output", "is more than max_output");
    }
    ModelPrice row = new ModelPrice(model, price, longInput, longPrice, usual, most);
    name(model, row, node, path);
    also(fields.get("also"), row, path + ".also");
  }

  private void also(@Nullable Node node, ModelPrice row, String path) {
    if (node instanceof SequenceNode list) {
      int index = 0;
      for (Node item : list.getValue()) {
        String at = path + "[" + index++ + "]";
        name(text(item, at), row, item, at);
      }
    } else if (node != null) {
      mistake(node.getStartMark(), path, "must be a list of names");
    }
  }

  private void name(String name, ModelPrice row, Node node, String path) {
    boolean beginning = name.endsWith("*");
    String plain = beginning ? name.substring(0, name.length() - 1) : name;
    if (plain.isEmpty() || plain.contains("*")) {
      mistake(node.getStartMark(), path, "a name may end with one * and needs something before it");
    } else if ((beginning ? beginnings : exact).put(plain, row) != null) {
      mistake(node.getStartMark(), path, "'" + name + "' is priced twice");
    }
  }

  /** What is not said of the cache costs what input costs. */
  private Price price(Map<String, Node> fields, Node node, String path) {
    Money input = money(fields, "input", null, node, path);
    Money output = money(fields, "output", null, node, path);
    Money cached = money(fields, "cached_input", input, node, path);
    Money write = money(fields, "cache_write", input, node, path);
    Node source = fields.get("source");
    Node asOf = fields.get("as_of");
    return new Price(
        input,
        cached,
        write,
        output,
        source == null ? "" : text(source, path + ".source"),
        asOf == null ? LocalDate.EPOCH : date(asOf, path + ".as_of"));
  }

  private Money money(
      Map<String, Node> fields, String name, @Nullable Money otherwise, Node row, String path) {
    Node node = fields.get(name);
    String at = path + "." + name;
    if (node == null) {
      if (otherwise == null) {
        mistake(row.getStartMark(), at, "is missing; a model that is free says 0");
      }
      return otherwise == null ? Money.ZERO : otherwise;
    }
    try {
      BigDecimal dollars = new BigDecimal(text(node, at));
      if (dollars.signum() >= 0
          && dollars.precision() - dollars.scale() <= 7
          && dollars.scale() <= 30) {
        return Money.dollars(dollars.divide(unit));
      }
    } catch (NumberFormatException | dev.capstan.kernel.Refusal unfit) {
      // Said below, with its place.
    }
    mistake(
        node.getStartMark(),
        at,
        "must be dollars, 0 or more, with at most 12 decimals for one token, such as 0.0025");
    return Money.ZERO;
  }

  private int whole(Map<String, Node> fields, String name, int otherwise, String path) {
    Node node = fields.get(name);
    if (node == null) {
      return otherwise;
    }
    String text = text(node, path + "." + name);
    if (text.matches("[1-9][0-9]{0,7}")) {
      return Integer.parseInt(text);
    }
    mistake(node.getStartMark(), path + "." + name, "must be a whole number of tokens from 1");
    return otherwise;
  }

  private LocalDate date(Node node, String path) {
    try {
      return LocalDate.parse(text(node, path));
    } catch (DateTimeException unfit) {
      mistake(node.getStartMark(), path, "must be a date such as 2026-11-21");
      return LocalDate.EPOCH;
    }
  }

  private void unknown(Map<String, Node> fields, Set<String> known, String path) {
    fields.forEach((name, node) -> {
      if (!known.contains(name)) {
        mistake(node.getStartMark(), path + "." + name, "is no field of a price");
      }
    });
  }

  private Map<String, Node> fields(@Nullable Node node, String path) {
    Map<String, Node> fields = new LinkedHashMap<>();
    if (!(node instanceof MappingNode mapping)) {
      mistake(node == null ? null : node.getStartMark(), path, "must hold fields");
      return fields;
    }
    for (NodeTuple field : mapping.getValue()) {
      String name = text(field.getKeyNode(), path);
      if (fields.put(name, field.getValueNode()) != null) {
        mistake(
            field.getKeyNode().getStartMark(), path, "the field '" + name + "' stands here twice");
      }
    }
    return fields;
  }

  private String text(Node node, String path) {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    mistake(node.getStartMark(), path, "must be a single value");
    return "";
  }

  private void mistake(@Nullable Mark mark, String path, String message) {
    int line = mark == null ? 0 : mark.getLine() + 1;
    int column = mark == null ? 0 : mark.getColumn() + 1;
    mistakes.add(new Mistake(path, line, column, message, null));
  }
}
