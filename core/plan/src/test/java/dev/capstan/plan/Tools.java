package dev.capstan.plan;

import dev.capstan.kernel.Json;
import java.util.List;
import java.util.Optional;

/** Tools for plans that are checked and never run. */
record Tools(List<ToolSpec> specs) implements ToolCatalog {
  static final Tools ALL =
      new Tools(
          List.of(
              spec("echo", "{}", "{}"),
              spec(
                  "calculator",
                  """
                  {"type": "object", "required": ["expression"], "additionalProperties": false,
                   "properties": {"expression": {"type": "string", "minLength": 1},
                     "digits": {"type": "integer", "minimum": 0}}}
                  """,
                  """
                  {"type": "object", "properties": {"result": {"type": "number"},
                    "text": {"type": "string"}}}
                  """)));

  static ToolSpec spec(String name, String input, String output) {
    return new ToolSpec(name, "For tests.", Json.parse(input), Json.parse(output), Effect.PURE);
  }

  @Override
  public Optional<ToolSpec> spec(String name) {
    return specs.stream().filter(spec -> spec.name().equals(name)).findFirst();
  }
}
