package dev.capstan.plan.expression;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.plan.Scope;
import dev.capstan.plan.Template;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A template read once: its constant parts are shared by all values that it makes. */
public final class CompiledTemplate implements Template {
  private final JsonNode source;
  private final Part root;
  private final Set<String> steps;

  /** What a value of the template is made of. */
  private sealed interface Part {
    JsonNode evaluate(Scope scope);

    record Constant(JsonNode value) implements Part {
      @Override
      public JsonNode evaluate(Scope scope) {
        return value;
      }
    }

    record Hole(KnownExpression expression) implements Part {
      @Override
      public JsonNode evaluate(Scope scope) {
        return expression.evaluate(scope);
      }
    }

    record Text(List<TextPieces.Piece> pieces) implements Part {
      @Override
      public JsonNode evaluate(Scope scope) {
        StringBuilder text = new StringBuilder();
        for (TextPieces.Piece piece : pieces) {
          switch (piece) {
            case TextPieces.Piece.Plain plain -> text.append(plain.text());
            case TextPieces.Piece.Hole hole -> text.append(asText(hole.expression(), scope));
          }
        }
        return Json.text(text.toString());
      }

      private static String asText(KnownExpression expression, Scope scope) {
        JsonNode value = expression.evaluate(scope);
        if (value.isString()) {
          return value.stringValue();
        }
        return value.isNull() ? "" : Json.write(value);
      }
    }

    record Fields(Map<String, Part> fields) implements Part {
      @Override
      public JsonNode evaluate(Scope scope) {
        ObjectNode object = Json.object();
        fields.forEach((name, part) -> object.set(name, part.evaluate(scope)));
        return object;
      }
    }

    record Items(List<Part> items) implements Part {
      @Override
      public JsonNode evaluate(Scope scope) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(items.size());
        items.forEach(part -> array.add(part.evaluate(scope)));
        return array;
      }
    }
  }

  private CompiledTemplate(JsonNode source) {
    this.source = source;
    Set<String> found = new LinkedHashSet<>();
    this.root = compile(source, 0, found);
    this.steps = found.isEmpty() ? Set.of() : Collections.unmodifiableSet(found);
  }

  /** Throws a {@link dev.capstan.kernel.Refusal} of {@code invalid_plan}. */
  public static CompiledTemplate of(JsonNode source) {
    return new CompiledTemplate(source);
  }

  private static Part compile(JsonNode node, int depth, Set<String> steps) {
    if (depth > Json.DEEPEST) {
      throw Problem.of(ProblemCode.INVALID_PLAN, "the value nests deeper than " + Json.DEEPEST)
          .refusal();
    }
    if (node.isString()) {
      return string(node, steps);
    }
    if (node.isObject()) {
      return object(node, depth, steps);
    }
    return node.isArray() ? array(node, depth, steps) : new Part.Constant(node);
  }

  private static Part string(JsonNode node, Set<String> steps) {
    if (!TextPieces.needed(node.stringValue())) {
      return new Part.Constant(node);
    }
    List<TextPieces.Piece> pieces = TextPieces.of(node.stringValue());
    for (TextPieces.Piece piece : pieces) {
      if (piece instanceof TextPieces.Piece.Hole hole) {
        steps.addAll(hole.expression().stepReferences());
      }
    }
    if (pieces.size() == 1) {
      return switch (pieces.getFirst()) {
        case TextPieces.Piece.Hole hole -> new Part.Hole(hole.expression());
        case TextPieces.Piece.Plain plain -> new Part.Constant(Json.text(plain.text()));
      };
    }
    return new Part.Text(List.copyOf(pieces));
  }

  private static Part object(JsonNode node, int depth, Set<String> steps) {
    Map<String, Part> fields = LinkedHashMap.newLinkedHashMap(node.size());
    boolean same = true;
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      Part part = compile(field.getValue(), depth + 1, steps);
      fields.put(field.getKey(), part);
      same &= isSame(part, field.getValue());
    }
    return same ? new Part.Constant(node) : folded(new Part.Fields(fields), fields.values());
  }

  private static Part array(JsonNode node, int depth, Set<String> steps) {
    List<Part> items = new ArrayList<>(node.size());
    boolean same = true;
    for (JsonNode child : node.values()) {
      Part part = compile(child, depth + 1, steps);
      items.add(part);
      same &= isSame(part, child);
    }
    return same ? new Part.Constant(node) : folded(new Part.Items(items), items);
  }

  /** Identity, because comparing values at every level would cost the square of the depth. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(Part part, JsonNode written) {
    return part instanceof Part.Constant constant && constant.value() == written;
  }

  /** A container whose every part is constant, though an escape made it differ from its source. */
  private static Part folded(Part container, Iterable<Part> parts) {
    for (Part part : parts) {
      if (!(part instanceof Part.Constant)) {
        return container;
      }
    }
    return new Part.Constant(container.evaluate(Nowhere.SCOPE));
  }

  @Override
  public JsonNode source() {
    return source;
  }

  @Override
  public Set<String> stepReferences() {
    return steps;
  }

  @Override
  public boolean isConstant() {
    return root instanceof Part.Constant;
  }

  @Override
  public JsonNode evaluate(Scope scope) {
    return root.evaluate(scope);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Template that && source.equals(that.source());
  }

  @Override
  public int hashCode() {
    return source.hashCode();
  }

  @Override
  public String toString() {
    return source.toString();
  }
}
