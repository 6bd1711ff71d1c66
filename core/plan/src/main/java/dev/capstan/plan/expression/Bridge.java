package dev.capstan.plan.expression;

import com.dashjoin.jsonata.Jsonata;
import dev.capstan.kernel.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Between JSON values and the maps, lists and numbers that JSONata computes with. */
final class Bridge {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Bridge() {}

  static @Nullable Object toJava(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> new LazyObject(node);
      // JSONata writes into empty lists.
      case ARRAY -> node.isEmpty() ? new ArrayList<>() : new LazyList(node);
      case STRING -> node.stringValue();
      case BOOLEAN -> node.booleanValue();
      case NUMBER -> number(node);
      default -> null;
    };
  }

  private static Number number(JsonNode node) {
    if (node.isIntegralNumber()) {
      if (node.canConvertToInt()) {
        return node.intValue();
      }
      return node.canConvertToLong() ? (Number) node.longValue() : node.bigIntegerValue();
    }
    return node.numberValue();
  }

  /** Throws {@link IllegalArgumentException} for what is no JSON value, such as a function. */
  static JsonNode toJson(@Nullable Object value) {
    return switch (value) {
      case null -> NODES.nullNode();
      case LazyObject object -> object.node();
      case LazyList list -> list.node();
      case String text -> NODES.stringNode(text);
      case Boolean truth -> NODES.booleanNode(truth);
      case Number number -> toJson(number);
      case Map<?, ?> map -> object(map);
      case List<?> list -> array(list);
      default -> other(value);
    };
  }

  private static JsonNode other(Object value) {
    if (value.equals(Jsonata.NULL_VALUE)) {
      return NODES.nullNode();
    }
    throw new IllegalArgumentException("its value is a function, which is no JSON value");
  }

  private static JsonNode object(Map<?, ?> map) {
    ObjectNode object = Json.object();
    map.forEach((key, child) -> object.set(String.valueOf(key), toJson(child)));
    return object;
  }

  private static JsonNode array(List<?> list) {
    ArrayNode array = NODES.arrayNode(list.size());
    list.forEach(child -> array.add(toJson(child)));
    return array;
  }

  /** The same node that reading the number's text would give. */
  private static JsonNode toJson(Number number) {
    return switch (number) {
      case Integer small -> NODES.numberNode(small.intValue());
      case Long large -> integer(BigInteger.valueOf(large));
      case BigInteger huge -> integer(huge);
      case BigDecimal exact -> Json.number(exact);
      default -> fraction(number.doubleValue());
    };
  }

  private static JsonNode integer(BigInteger value) {
    if (value.bitLength() < Integer.SIZE) {
      return NODES.numberNode(value.intValue());
    }
    return value.bitLength() < Long.SIZE
        ? NODES.numberNode(value.longValue())
        : NODES.numberNode(value);
  }

  private static JsonNode fraction(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("its value is a number out of range");
    }
    BigDecimal exact = BigDecimal.valueOf(value);
    if (exact.stripTrailingZeros().scale() <= 0) {
      return integer(exact.toBigInteger());
    }
    return Json.number(exact);
  }

  /** How many values it consists of, texts by their length. */
  static long weight(JsonNode node) {
    if (node.isString()) {
      return 1L + node.stringValue().length() / 16;
    }
    long sum = 1;
    if (node.isContainer()) {
      for (JsonNode child : node.values()) {
        sum += weight(child);
      }
    }
    return sum;
  }
}
