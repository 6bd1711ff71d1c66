package dev.capstan.plan.expression;

import dev.capstan.kernel.Json;
import dev.capstan.plan.Scope;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The scope in which nothing is known: what evaluates here is the same everywhere. */
public enum Nowhere implements Scope {
  SCOPE;

  @Override
  public Optional<JsonNode> stepOutput(String stepId) {
    return Optional.empty();
  }

  @Override
  public Optional<JsonNode> root(String name) {
    return Optional.empty();
  }

  @Override
  public JsonNode whole() {
    return Json.object();
  }
}
