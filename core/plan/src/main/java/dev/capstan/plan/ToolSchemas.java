package dev.capstan.plan;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** The tools' input schemas, each compiled once for all plans that are read. */
final class ToolSchemas {
  private static final int MOST_KEPT = 10_000;

  private record Compiled(JsonNode source, Optional<Schema> schema) {}

  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Map<String, Compiled> compiled = new ConcurrentHashMap<>();

  /** Empty when the schema is broken: that is the tool's mistake and not the plan's. */
  Optional<Schema> of(ToolSpec spec) {
    Compiled known = compiled.get(spec.name());
    if (known == null || !known.source().equals(spec.input())) {
      known = compile(spec.input());
      if (compiled.size() < MOST_KEPT) {
        compiled.put(spec.name(), known);
      }
    }
    return known.schema();
  }

  private Compiled compile(JsonNode source) {
    try {
      return new Compiled(source, Optional.of(registry.getSchema(source)));
    } catch (SchemaException unreadable) {
      return new Compiled(source, Optional.empty());
    }
  }
}
