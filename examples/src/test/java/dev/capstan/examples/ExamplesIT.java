package dev.capstan.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.journal.RunEvent;
import dev.capstan.plan.Plan;
import dev.capstan.postgres.DurableEngine;
import dev.capstan.tools.ToolRegistry;
import dev.capstan.tools.calculator.Calculator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExamplesIT {
  @TempDir static Path home;

  @Test
  void a_plan_with_a_tool_of_ones_own_runs_from_plain_java() throws Exception {
    Plan plan =
        Plan.named("greeting")
            .step("cups", "calculator", Map.of("expression", "1 + 1"))
            .step("greet", "greet", Map.of("name", "Ada", "cups", "${steps.cups.output.result}"))
            .output("greeting", "${steps.greet.output.text}")
            .build();
    ToolRegistry tools = ToolRegistry.of(new Calculator(), OwnTool.greet());
    try (DurableEngine engine = DurableEngine.embedded(home, tools)) {
      RunEvent.Terminal end = engine.run(plan, Map.of()).get(60, TimeUnit.SECONDS);
      assertThat(end).isInstanceOf(RunEvent.RunCompleted.class);
      assertThat(end.toString()).contains("hello Ada, 2 cups");
    }
  }

  @Test
  void what_is_said_to_take_fifteen_lines_takes_them() throws Exception {
    List<String> program =
        Files.readAllLines(Path.of("src/main/java/dev/capstan/examples/Embedded.java"));
    int from = program.indexOf("  public static void main(String[] arguments) throws Exception {");
    int to = program.lastIndexOf("  }");
    assertThat(to - from - 1).isLessThanOrEqualTo(15);
  }
}
