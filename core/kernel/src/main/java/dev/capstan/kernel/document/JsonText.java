package dev.capstan.kernel.document;

import dev.capstan.kernel.Json;
import java.math.BigDecimal;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON with the place of every value and field. */
final class JsonText {
  private final Places places = new Places();
  private final JsonParser parser;

  private JsonText(JsonParser parser) {
    this.parser = parser;
  }

  /**
   * Empty when it is not JSON, for it may still be YAML, which also starts objects with a brace.
   */
  static Optional<Document> read(String text, Findings findings) {
    try (JsonParser parser = Json.mapper().createParser(text)) {
      JsonText reader = new JsonText(parser);
      parser.nextToken();
      JsonNode root = reader.value(At.ROOT);
      return parser.nextToken() == null
          ? Optional.of(new Document(root, reader.places))
          : Optional.empty();
    } catch (JacksonException broken) {
      if (!looksLikeJson(text)) {
        return Optional.empty();
      }
      Places places = new Places();
      TokenStreamLocation place = broken.getLocation();
      if (place != null) {
        places.value(At.ROOT, Math.max(0, place.getLineNr()), Math.max(0, place.getColumnNr()));
      }
      findings.add(At.ROOT, "this is no valid JSON: " + said(broken));
      return Optional.of(new Document(null, places));
    }
  }

  /** The parser's own words without what it says of its input. */
  private static String said(JacksonException broken) {
    String message = String.valueOf(broken.getOriginalMessage());
    int aside = message.indexOf(" (for ");
    return Reading.shortened(aside < 0 ? message : message.substring(0, aside));
  }

  /** Whether the first field's name is quoted, as only people who mean JSON do. */
  private static boolean looksLikeJson(String text) {
    String inside = text.stripLeading().substring(1).stripLeading();
    return inside.startsWith("\"");
  }

  private JsonNode value(At at) {
    TokenStreamLocation place = parser.currentTokenLocation();
    places.value(at, place.getLineNr(), place.getColumnNr());
    JsonToken token = parser.currentToken();
    return switch (token) {
      case null -> JsonNodeFactory.instance.nullNode();
      case START_OBJECT -> object(at);
      case START_ARRAY -> array(at);
      case VALUE_STRING -> Json.text(parser.getString());
      case VALUE_TRUE, VALUE_FALSE -> Json.bool(token == JsonToken.VALUE_TRUE);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getString());
      default -> JsonNodeFactory.instance.nullNode();
    };
  }

  private JsonNode object(At at) {
    ObjectNode object = Json.object();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      At field = at.field(parser.currentName());
      TokenStreamLocation place = parser.currentTokenLocation();
      places.key(field, place.getLineNr(), place.getColumnNr());
      String name = parser.currentName();
      parser.nextToken();
      object.set(name, value(field));
    }
    return object;
  }

  private JsonNode array(At at) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(at.item(array.size())));
    }
    return array;
  }

  /** A number as its text says; one that is too long when written out stays a text. */
  static JsonNode number(String text) {
    @Nullable BigDecimal value = decimal(text);
    if (value == null || !Json.fits(value)) {
      return Json.text(text);
    }
    return text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'))
        ? Json.parse(text)
        : Json.number(value);
  }

  private static @Nullable BigDecimal decimal(String text) {
    try {
      return text.length() > Json.LONGEST_NUMBER ? null : new BigDecimal(text);
    } catch (NumberFormatException outOfRange) {
      return null;
    }
  }
}
