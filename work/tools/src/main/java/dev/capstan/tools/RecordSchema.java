package dev.capstan.tools;

import dev.capstan.kernel.Json;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.node.ObjectNode;

/** The JSON Schema of a record, from its components. */
final class RecordSchema {
  private static final Set<Class<?>> WHOLE_NUMBERS =
      Set.of(
          int.class,
          Integer.class,
          long.class,
          Long.class,
          short.class,
          Short.class,
          java.math.BigInteger.class);
  private static final Set<Class<?>> NUMBERS =
      Set.of(double.class, Double.class, float.class, Float.class, java.math.BigDecimal.class);

  /** The records being described, outermost first: one inside itself has no finite schema. */
  private final Deque<Class<?>> open = new ArrayDeque<>();

  private RecordSchema() {}

  /** Throws {@link IllegalArgumentException} for what it does not understand. */
  static JsonNode of(Class<?> record) {
    return new RecordSchema().record(record);
  }

  private ObjectNode record(Class<?> record) {
    if (open.contains(record)) {
      throw new IllegalArgumentException(record.getName() + " holds itself; write its schema");
    }
    open.push(record);
    ObjectNode schema = Json.object().put("type", "object");
    var required = schema.putArray("required");
    ObjectNode properties = schema.putObject("properties");
    for (RecordComponent component : record.getRecordComponents()) {
      String name = snakeCase(component.getName());
      properties.set(name, type(component.getGenericType()));
      if (!isNullable(component)) {
        required.add(name);
      }
    }
    open.pop();
    return schema.put("additionalProperties", false);
  }

  /** As the mapper names what it reads and writes; the name is all that its strategy looks at. */
  private static String snakeCase(String name) {
    return PropertyNamingStrategies.SNAKE_CASE.nameForField(null, null, name);
  }

  private static boolean isNullable(RecordComponent component) {
    AnnotatedType type = component.getAnnotatedType();
    return type.isAnnotationPresent(Nullable.class);
  }

  private ObjectNode type(Type type) {
    if (type instanceof ParameterizedType generic && generic.getRawType() instanceof Class<?> raw) {
      return container(raw, generic.getActualTypeArguments());
    }
    if (!(type instanceof Class<?> plain)) {
      throw notUnderstood(type);
    }
    if (plain.isRecord()) {
      return record(plain);
    }
    ObjectNode schema = Json.object();
    if (plain == String.class) {
      schema.put("type", "string");
    } else if (plain == boolean.class || plain == Boolean.class) {
      schema.put("type", "boolean");
    } else if (WHOLE_NUMBERS.contains(plain)) {
      schema.put("type", "integer");
    } else if (NUMBERS.contains(plain)) {
      schema.put("type", "number");
    } else if (plain == Instant.class) {
      schema.put("type", "string").put("format", "date-time");
    } else if (plain.isEnum()) {
      var names = schema.putArray("enum");
      for (Object constant : plain.getEnumConstants()) {
        names.add(((Enum<?>) constant).name());
      }
    } else if (plain != JsonNode.class && plain != Object.class) {
      throw notUnderstood(type);
    }
    return schema;
  }

  private ObjectNode container(Class<?> raw, Type[] arguments) {
    if (Collection.class.isAssignableFrom(raw)) {
      ObjectNode schema = Json.object().put("type", "array");
      schema.set("items", type(arguments[0]));
      return schema;
    }
    if (Map.class.isAssignableFrom(raw) && arguments[0] == String.class) {
      ObjectNode schema = Json.object().put("type", "object");
      schema.set("additionalProperties", type(arguments[1]));
      return schema;
    }
    throw notUnderstood(raw);
  }

  private static IllegalArgumentException notUnderstood(Type type) {
    return new IllegalArgumentException(
        "no schema is known for " + type.getTypeName() + "; write one and use Tools.of");
  }
}
