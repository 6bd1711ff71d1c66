package dev.capstan.kernel.document;

import dev.capstan.kernel.Json;
import java.io.StringReader;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
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
import org.yaml.snakeyaml.nodes.Tag;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * YAML with the place of every value and field. Plain words mean what they mean in YAML 1.2's core:
 * {@code no}, {@code 012}, {@code 1:30} and dates are texts. Aliases and merge keys work, within a
 * bound on what they unfold to.
 */
final class YamlText {
  private static final int DEEPEST = 100;

  /** Values in all, aliases unfolded. */
  private static final int MOST_VALUES = 4_000_000;

  /** Values that come from aliases, which cost an author nothing to write. */
  private static final int MOST_UNFOLDED = 100_000;

  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
  private static final Set<Tag> TAGS =
      Set.of(
          Tag.STR,
          Tag.INT,
          Tag.FLOAT,
          Tag.BOOL,
          Tag.NULL,
          Tag.TIMESTAMP,
          Tag.MAP,
          Tag.SEQ,
          Tag.MERGE);

  private final Findings findings;
  private final Places places = new Places();
  private final Set<Node> open = new HashSet<>();
  private final Set<Node> seen =
      java.util.Collections.newSetFromMap(new java.util.IdentityHashMap<>());
  private int values;
  private int unfolded;
  private int aliased;

  private YamlText(Findings findings) {
    this.findings = findings;
  }

  static Document read(String text, Findings findings) {
    YamlText reader = new YamlText(findings);
    try {
      LoaderOptions options = new LoaderOptions();
      options.setNestingDepthLimit(DEEPEST);
      options.setCodePointLimit(Integer.MAX_VALUE);
      options.setMaxAliasesForCollections(1_000);
      Node root = new Yaml(options).compose(new StringReader(text));
      if (root == null) {
        findings.add(At.ROOT, "the text is empty");
        return new Document(null, reader.places);
      }
      return new Document(reader.value(root, At.ROOT, 0), reader.places);
    } catch (MarkedYAMLException broken) {
      return reader.broken(broken.getProblemMark(), broken.getProblem());
    } catch (YAMLException broken) {
      return reader.broken(null, broken.getMessage());
    }
  }

  private Document broken(@Nullable Mark mark, @Nullable String problem) {
    Places where = new Places();
    if (mark != null) {
      where.value(At.ROOT, mark.getLine() + 1, mark.getColumn() + 1);
    }
    boolean tabs = mark != null && problem != null && problem.contains("\\t");
    findings.add(
        At.ROOT,
        "this is no valid YAML: " + Reading.shortened(String.valueOf(problem)),
        tabs ? Optional.of("indent with spaces, not with tabs") : Optional.empty());
    return new Document(null, where);
  }

  private JsonNode value(Node node, At at, int depth) {
    place(node, at);
    boolean alias = node instanceof ScalarNode ? false : !seen.add(node);
    aliased += alias ? 1 : 0;
    if (aliased > 0) {
      unfolded++;
    }
    try {
      if (++values > MOST_VALUES || unfolded > MOST_UNFOLDED || depth > DEEPEST) {
        findings.add(At.ROOT, "the text unfolds to too much: too many aliases or too deep");
        return Json.nothing();
      }
      if (!TAGS.contains(node.getTag())) {
        findings.add(at, "the tag " + node.getTag() + " is not offered");
        return Json.nothing();
      }
      return switch (node) {
        case ScalarNode scalar -> scalar(scalar);
        case SequenceNode sequence -> list(sequence, at, depth);
        case MappingNode mapping -> object(mapping, at, depth);
        default -> Json.nothing();
      };
    } finally {
      aliased -= alias ? 1 : 0;
    }
  }

  private void place(Node node, At at) {
    Mark mark = node.getStartMark();
    if (mark != null && values < MOST_VALUES && unfolded < MOST_UNFOLDED) {
      places.value(at, mark.getLine() + 1, mark.getColumn() + 1);
    }
  }

  private static JsonNode scalar(ScalarNode scalar) {
    String text = scalar.getValue();
    if (!scalar.isPlain() || scalar.getTag().equals(Tag.STR)) {
      return Json.text(text);
    }
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> Json.nothing();
      case "true", "True", "TRUE" -> Json.bool(true);
      case "false", "False", "FALSE" -> Json.bool(false);
      default ->
          text.length() < 400 && NUMBER.matcher(text).matches()
              ? JsonText.number(text)
              : Json.text(text);
    };
  }

  private JsonNode list(SequenceNode sequence, At at, int depth) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    if (isWithinItself(sequence, at)) {
      return array;
    }
    for (Node item : sequence.getValue()) {
      array.add(value(item, at.item(array.size()), depth + 1));
      if (tooMuch()) {
        break;
      }
    }
    open.remove(sequence);
    return array;
  }

  private boolean tooMuch() {
    return values > MOST_VALUES || unfolded > MOST_UNFOLDED;
  }

  private boolean isWithinItself(Node node, At at) {
    if (!open.add(node)) {
      findings.add(at, "this alias stands inside what it is an alias of");
      return true;
    }
    return false;
  }

  private JsonNode object(MappingNode mapping, At at, int depth) {
    ObjectNode object = Json.object();
    if (isWithinItself(mapping, at)) {
      return object;
    }
    for (NodeTuple field : mapping.getValue()) {
      if (!isMerge(field)) {
        field(field, object, at, depth);
      }
      if (tooMuch()) {
        break;
      }
    }
    for (NodeTuple field : mapping.getValue()) {
      if (isMerge(field) && !tooMuch()) {
        merge(field.getValueNode(), object, at, depth);
      }
    }
    open.remove(mapping);
    return object;
  }

  private static boolean isMerge(NodeTuple field) {
    return field.getKeyNode() instanceof ScalarNode key
        && key.isPlain()
        && key.getValue().equals("<<");
  }

  private void field(NodeTuple field, ObjectNode object, At at, int depth) {
    if (!(field.getKeyNode() instanceof ScalarNode key)) {
      findings.add(at, "a field's name must be a text");
      return;
    }
    String name = key.getValue();
    At place = at.field(name);
    if (object.has(name)) {
      places.value(at.field(name + " (again)"), line(key), column(key));
      findings.add(at.field(name + " (again)"), "the field '" + name + "' stands here twice");
      return;
    }
    places.key(place, line(key), column(key));
    object.set(name, value(field.getValueNode(), place, depth + 1));
  }

  private static int line(Node node) {
    return node.getStartMark() == null ? 0 : node.getStartMark().getLine() + 1;
  }

  private static int column(Node node) {
    return node.getStartMark() == null ? 0 : node.getStartMark().getColumn() + 1;
  }

  /** What stands in the mapping itself wins over what is merged into it. */
  private void merge(Node merged, ObjectNode object, At at, int depth) {
    List<Node> all = merged instanceof SequenceNode list ? list.getValue() : List.of(merged);
    for (Node each : all) {
      JsonNode fields = value(each, at.field("<<"), depth + 1);
      if (!fields.isObject()) {
        findings.add(at, "only objects can be merged with <<");
        return;
      }
      fields
          .properties()
          .forEach(field -> {
            if (!object.has(field.getKey())) {
              object.set(field.getKey(), field.getValue());
            }
          });
    }
  }
}
