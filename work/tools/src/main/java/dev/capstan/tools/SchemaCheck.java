package dev.capstan.tools;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import dev.capstan.kernel.Mistake;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/**
 * A JSON Schema (2020-12), compiled once and asked often. It never goes to the network: a {@code
 * $ref} to anywhere but the schema itself is refused when it is compiled.
 */
public final class SchemaCheck {
  private static final int MOST_MISTAKES = 20;

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          builder ->
              builder
                  .schemaCacheEnabled(false)
                  .schemaRegistryConfig(
                      // Messages must not change with the machine's language.
                      SchemaRegistryConfig.builder().locale(Locale.ROOT).build())
                  .schemaLoader(loader -> loader.block(address -> true)));

  private final Schema schema;

  private SchemaCheck(Schema schema) {
    this.schema = schema;
  }

  /** Throws {@link IllegalArgumentException} for what is no schema. */
  public static SchemaCheck of(JsonNode source) {
    try {
      Schema schema = REGISTRY.getSchema(source);
      schema.initializeValidators();
      return new SchemaCheck(schema);
    } catch (SchemaException broken) {
      throw new IllegalArgumentException("no JSON schema: " + broken.getMessage(), broken);
    }
  }

  /** Every mistake, at most {@value #MOST_MISTAKES}; empty when the value fits. */
  public List<Mistake> mistakes(JsonNode value) {
    List<Error> errors = schema.validate(value);
    return errors.isEmpty()
        ? List.of()
        : errors.stream().limit(MOST_MISTAKES).map(SchemaCheck::mistake).toList();
  }

  private static Mistake mistake(Error error) {
    String path = path(error.getInstanceLocation());
    String property = error.getProperty();
    return switch (error.getKeyword()) {
      case "required" -> Mistake.at(joined(path, property), "is missing");
      case "additionalProperties", "unevaluatedProperties" ->
          Mistake.at(joined(path, property), "is not known here");
      case "enum" -> Mistake.at(path, "must be one of " + error.getSchemaNode());
      case null, default -> Mistake.at(path, error.getMessage());
    };
  }

  private static String joined(String path, String property) {
    return path.isEmpty() ? property : path + "." + property;
  }

  private static String path(NodePath place) {
    StringBuilder path = new StringBuilder();
    for (int i = 0; i < place.getNameCount(); i++) {
      if (place.getElement(i) instanceof Integer index) {
        path.append('[').append(index).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(place.getElement(i));
      }
    }
    return path.toString();
  }
}
