package dev.capstan.bench;

import dev.capstan.plan.Plan;
import java.util.Map;

/** Three parallel steps and one that joins them: the workload that all peers are given, too. */
final class FourSteps {
  static final Plan PLAN =
      Plan.named("four")
          .step("a", "echo", Map.of("n", 1))
          .step("b", "echo", Map.of("n", 2))
          .step("c", "echo", Map.of("n", 3))
          .step(
              "d",
              "echo",
              Map.of(
                  "sum",
                  "${steps.a.output.n}",
                  "b",
                  "${steps.b.output.n}",
                  "c",
                  "${steps.c.output.n}"))
          .output("sum", "${steps.d.output.sum}")
          .build();

  private FourSteps() {}
}
