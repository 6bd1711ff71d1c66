package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.capstan.kernel.Json;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The OpenAPI document, and which of its operations were asked and held. */
final class Document {
  private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch");

  private final JsonNode root;
  private final Map<String, Schema> schemas = new HashMap<>();
  private final Set<String> held = new TreeSet<>();

  Document(JsonNode root) {
    this.root = root;
  }

  /** Every operation, as {@code GET /runs/{id}}. */
  Set<String> operations() {
    Set<String> all = new TreeSet<>();
    root.path("paths")
        .forEachEntry((path, item) ->
            item.propertyNames().stream()
                .filter(METHODS::contains)
                .forEach(
                    method -> all.add(method.toUpperCase(java.util.Locale.ROOT) + " " + path)));
    return all;
  }

  Set<String> held() {
    return held;
  }

  /** Throws unless the document foresees this answer's status, media type and shape. */
  void hold(String operation, HttpResponse<String> answer) {
    String[] parts = operation.split(" ", 2);
    JsonNode responses =
        root.path("paths")
            .path(parts[1])
            .path(parts[0].toLowerCase(java.util.Locale.ROOT))
            .path("responses");
    JsonNode response = responses.path(Integer.toString(answer.statusCode()));
    if (response.isMissingNode() && answer.statusCode() >= 400) {
      response = root.path("components").path("responses").path("Problem");
    }
    String told = operation + " => " + answer.statusCode() + " " + answer.body();
    assertThat(response.isObject()).as(told).isTrue();
    String type = answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
    JsonNode content = response.path("content").path(type);
    assertThat(content.isObject()).as("%s as %s", told, type).isTrue();
    String name = content.path("schema").path("$ref").asString("").replaceFirst(".*/", "");
    if (!name.isEmpty()) {
      assertThat(schema(name).validate(Json.parse(answer.body()))).as(told).isEmpty();
    }
    held.add(operation);
  }

  private Schema schema(String name) {
    return schemas.computeIfAbsent(
        name,
        _ -> {
          ObjectNode whole = Json.object().put("$ref", "#/components/schemas/" + name);
          whole.set("components", root.path("components"));
          return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
              .getSchema(whole);
        });
  }
}
