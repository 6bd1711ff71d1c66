package dev.capstan.examples;

import dev.capstan.journal.RunEvent;
import dev.capstan.plan.Plan;
import dev.capstan.postgres.DurableEngine;
import dev.capstan.tools.ToolRegistry;
import dev.capstan.tools.calculator.Calculator;
import java.util.Map;

/** A plan from plain Java on a PostgreSQL ({@code DATABASE_URL}): no server, no framework. */
public final class Embedded {
  private Embedded() {}

  public static void main(String[] arguments) throws Exception {
    Plan plan =
        Plan.named("sum")
            .step("a", "calculator", Map.of("expression", "2 + 3"))
            .step("b", "calculator", Map.of("expression", "10 * 5"))
            .step(
                "sum",
                "calculator",
                Map.of("expression", "${steps.a.output.text} + ${steps.b.output.text}"))
            .output("sum", "${steps.sum.output.result}")
            .build();
    ToolRegistry tools = ToolRegistry.of(new Calculator());
    try (DurableEngine engine = DurableEngine.at(System.getenv("DATABASE_URL"), tools)) {
      RunEvent.Terminal end = engine.run(plan, Map.of()).get();
      System.out.println(end);
    }
  }
}
