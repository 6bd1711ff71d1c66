package dev.capstan.server.plans;

import dev.capstan.engine.Engine;
import dev.capstan.engine.EngineStatus;
import dev.capstan.kernel.Problem;
import dev.capstan.kernel.ProblemCode;
import dev.capstan.plan.ToolCatalog;
import dev.capstan.plan.ToolSpec;
import dev.capstan.server.http.Answer;
import dev.capstan.server.http.Exchange;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Shows the tools, and whether they are let through at the moment. */
public final class ToolDesk {
  private record Breaker(String state, @Nullable Instant halfOpenAt) {}

  private record Shown(
      String name,
      String description,
      String effect,
      JsonNode input,
      JsonNode output,
      Breaker breaker) {}

  private record All(List<Shown> items) {}

  private final Engine engine;
  private final ToolCatalog tools;

  public ToolDesk(Engine engine, ToolCatalog tools) {
    this.engine = engine;
    this.tools = tools;
  }

  public Answer list(Exchange exchange) {
    List<EngineStatus.Circuit> circuits = engine.status().breakers();
    return Answer.ok(new All(tools.specs().stream().map(spec -> shown(spec, circuits)).toList()));
  }

  public Answer show(Exchange exchange) {
    ToolSpec spec =
        tools
            .spec(exchange.path("name"))
            .orElseThrow(() ->
                Problem.of(
                        ProblemCode.NOT_FOUND,
                        "there is no tool of this name; there are "
                            + tools.specs().stream().map(ToolSpec::name).limit(50).toList())
                    .refusal());
    return Answer.ok(shown(spec, engine.status().breakers()));
  }

  private static Shown shown(ToolSpec spec, List<EngineStatus.Circuit> circuits) {
    Breaker breaker =
        circuits.stream()
            .filter(circuit -> circuit.tool().equals(spec.name()))
            .findFirst()
            .map(circuit -> new Breaker(circuit.state(), circuit.halfOpenAt()))
            .orElse(new Breaker("closed", null));
    return new Shown(
        spec.name(),
        spec.description(),
        spec.effect().wireName(),
        spec.input(),
        spec.output(),
        breaker);
  }
}
