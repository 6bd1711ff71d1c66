package dev.capstan.plan;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One input of a plan.
 *
 * @param fallback the value when none is given; a plan whose required input is missing is refused
 */
public record InputSpec(
    String name,
    Type type,
    boolean required,
    @Nullable JsonNode fallback,
    @Nullable String description) {
  /** The JSON type that a value must have. */
  public enum Type {
    STRING,
    NUMBER,
    INTEGER,
    BOOLEAN,
    ARRAY,
    OBJECT,
    ANY;

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
