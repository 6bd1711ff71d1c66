package dev.capstan.plan.expression;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * An expression within a template.
 *
 * @param pointer the field names and list indexes that lead to its text
 * @param whole whether the text is this one expression, so that the value keeps its type
 */
public record Hole(List<Object> pointer, KnownExpression expression, boolean whole) {
  public Hole {
    pointer = List.copyOf(pointer);
  }

  /** All of them in a value that is known to compile as a template. */
  public static List<Hole> of(JsonNode source) {
    List<Hole> holes = new ArrayList<>();
    collect(source, new ArrayList<>(), holes);
    return holes;
  }

  private static void collect(JsonNode node, List<Object> pointer, List<Hole> holes) {
    if (node.isString()) {
      if (TextPieces.needed(node.stringValue())) {
        add(TextPieces.of(node.stringValue()), pointer, holes);
      }
    } else if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        pointer.add(field.getKey());
        collect(field.getValue(), pointer, holes);
        pointer.removeLast();
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        pointer.add(i);
        collect(node.get(i), pointer, holes);
        pointer.removeLast();
      }
    }
  }

  private static void add(List<TextPieces.Piece> pieces, List<Object> pointer, List<Hole> holes) {
    for (TextPieces.Piece piece : pieces) {
      if (piece instanceof TextPieces.Piece.Hole hole) {
        holes.add(new Hole(pointer, hole.expression(), pieces.size() == 1));
      }
    }
  }
}
