package dev.capstan.plan;

import dev.capstan.kernel.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A scope over one JSON object of all roots. */
public record Scopes(JsonNode whole) implements Scope {
  public static Scope of(String json) {
    return new Scopes(Json.parse(json));
  }

  @Override
  public Optional<JsonNode> stepOutput(String stepId) {
    JsonNode step = whole.path("steps").get(stepId);
    return Optional.ofNullable(step).map(found -> found.get("output"));
  }

  @Override
  public Optional<JsonNode> root(String name) {
    return name.equals("steps") ? Optional.empty() : Optional.ofNullable(whole.get(name));
  }
}
