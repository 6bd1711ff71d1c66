package dev.capstan.kernel;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.ValueNode;

/**
 * JSON as Capstan reads and writes it: snake_case names, decimals exact, ISO instants, absent
 * instead of null, bounded in depth and size. Treat every {@link JsonNode} that you are handed as
 * immutable.
 */
public final class Json {
  /** Deepest nesting that is read. */
  public static final int DEEPEST = 200;

  /** Longest text that is read as one document, in characters. */
  public static final int LONGEST = 64 * 1024 * 1024;

  /** Longest number that is read or written, in characters of its plain form, without exponent. */
  public static final int LONGEST_NUMBER = 400;

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxDocumentLength(LONGEST)
                          .maxStringLength(16 * 1024 * 1024)
                          .maxNumberLength(LONGEST_NUMBER)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
                  .build())
          .nodeFactory(new BoundedNumbers())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .changeDefaultPropertyInclusion(included ->
              included
                  .withValueInclusion(JsonInclude.Include.NON_NULL)
                  .withContentInclusion(JsonInclude.Include.ALWAYS))
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
          .build();

  private static final ObjectWriter IN_SEQUENCE =
      MAPPER.writer().withRootValueSeparator((String) null);

  private Json() {}

  /** The mapper itself, for binding records; immutable and shared. */
  public static JsonMapper mapper() {
    return MAPPER;
  }

  /**
   * Reads one JSON document. Throws a {@link Refusal} of {@code invalid_request} that says where it
   * breaks.
   */
  public static JsonNode parse(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException broken) {
      throw notJson(broken);
    }
  }

  /** Reads one JSON document into a record. Throws a {@link Refusal} of {@code invalid_request}. */
  public static <T> T parse(String text, Class<T> type) {
    try {
      return MAPPER.readValue(text, type);
    } catch (JacksonException broken) {
      throw notJson(broken);
    }
  }

  private static Refusal notJson(JacksonException broken) {
    var place = broken.getLocation();
    int line = place == null ? 0 : Math.max(0, place.getLineNr());
    int column = place == null ? 0 : Math.max(0, place.getColumnNr());
    return Problem.of(
            ProblemCode.INVALID_REQUEST,
            "this is no valid JSON",
            List.of(new Mistake("", line, column, broken.getOriginalMessage(), null)))
        .refusal();
  }

  /** Compact text. */
  public static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /** Each of them as compact text, which costs less than one after the other. */
  public static List<String> writeEach(List<?> values) {
    StringWriter text = new StringWriter(256);
    List<String> texts = new ArrayList<>(values.size());
    try (JsonGenerator generator = IN_SEQUENCE.createGenerator(text)) {
      for (Object value : values) {
        IN_SEQUENCE.writeValue(generator, value);
        texts.add(text.toString());
        text.getBuffer().setLength(0);
      }
    }
    return texts;
  }

  /** Indented text for people. */
  public static String pretty(Object value) {
    return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value);
  }

  /** A record, list or map as a JSON value. */
  public static JsonNode valueOf(Object value) {
    return MAPPER.valueToTree(value);
  }

  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  public static JsonNode text(String value) {
    return JsonNodeFactory.instance.stringNode(value);
  }

  /** A whole number, of the node type that the same number has when it is read from text. */
  public static JsonNode number(long value) {
    int small = (int) value;
    return small == value
        ? JsonNodeFactory.instance.numberNode(small)
        : JsonNodeFactory.instance.numberNode(value);
  }

  /**
   * Throws a {@link Refusal} of {@code invalid_input} for a number longer than {@value
   * #LONGEST_NUMBER}, which could be written and never read again.
   */
  public static JsonNode number(BigDecimal value) {
    if (!fits(value)) {
      throw Problem.of(ProblemCode.INVALID_INPUT, BoundedNumbers.TOO_LONG).refusal();
    }
    return JsonNodeFactory.instance.numberNode(value);
  }

  /** Whether the number's plain form is at most {@value #LONGEST_NUMBER} characters long. */
  public static boolean fits(BigDecimal value) {
    long whole = Math.max(1, (long) value.precision() - value.scale());
    long fraction = Math.max(0, value.scale());
    return whole + fraction + 2 <= LONGEST_NUMBER;
  }

  /** What is read must be writable, and what is written readable: {@code 1e999999} is neither. */
  private static final class BoundedNumbers extends JsonNodeFactory {
    private static final long serialVersionUID = 1L;
    static final String TOO_LONG =
        "a number has at most " + LONGEST_NUMBER + " digits when it is written out";

    @Override
    public ValueNode numberNode(BigDecimal value) {
      if (value != null && !fits(value)) {
        throw new StreamConstraintsException(TOO_LONG);
      }
      return super.numberNode(value);
    }
  }

  public static JsonNode bool(boolean value) {
    return JsonNodeFactory.instance.booleanNode(value);
  }

  public static JsonNode nothing() {
    return JsonNodeFactory.instance.nullNode();
  }
}
