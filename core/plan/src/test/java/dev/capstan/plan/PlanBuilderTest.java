package dev.capstan.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanBuilderTest {
  @Test
  void ten_lines_give_a_plan() {
    Plan plan =
        Plan.named("release")
            .input("version", InputSpec.Type.STRING)
            .step("build", "echo", Map.of("version", "${inputs.version}"))
            .step("test", "echo", Map.of("of", "${steps.build.output.version}"))
            .retry(3)
            .approval("go", "Ship ${inputs.version}?")
            .after("test")
            .timeout(Duration.ofDays(2))
            .step("deploy", "echo", Map.of())
            .after("go")
            .when("steps.build.output.version != ''")
            .compensate("echo", Map.of("undo", "${steps.deploy.output}"))
            .output("deployed", "${steps.deploy.output}")
            .build();
    assertThat(plan.step(1).dependsOn()).containsExactly("build");
    assertThat(plan.step(1).retry().maxRetries()).isEqualTo(3);
    assertThat(plan.step(3).dependsOn()).containsExactly("go", "build");
    assertThat(plan.outputs()).containsOnlyKeys("deployed");
  }

  @Test
  void what_is_no_dag_is_refused() {
    assertThatThrownBy(() ->
            Plan.named("circle")
                .step("a", "echo", Map.of("x", "${steps.b.output}"))
                .step("b", "echo", Map.of("x", "${steps.a.output}"))
                .build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Plan.named("lost").step("a", "echo", 1).after("nobody").build())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
