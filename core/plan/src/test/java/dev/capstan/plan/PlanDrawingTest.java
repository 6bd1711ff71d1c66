package dev.capstan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PlanDrawingTest {
  private static final Plan PLAN =
      Plan.named("release")
          .step("build", "echo", Map.of())
          .step("test", "echo", Map.of())
          .foreach("[1, 2]", 2)
          .approval("go", "Ship \"it\"?")
          .after("build", "test")
          .when("steps.build.output = 'ok'")
          .build();

  @Test
  void mermaid_shows_kinds_guards_and_edges() {
    assertThat(PlanDrawing.mermaid(PLAN, id -> id.equals("go") ? "waiting" : ""))
        .isEqualTo(
            """
            flowchart TD
              s0["<b>build</b><br/>echo"]
              s1["<b>test</b><br/>echo<br/><i>for each of #91;1, 2#93;, 2 at a time</i>"]
              s2{{"<b>go</b><br/>approval: Ship #34;it#34;#63;<br/><i>when steps.build.output = #39;ok#39;</i>"}}:::waiting
              s0 --> s2
              s1 --> s2
            """);
  }

  @Test
  void text_shows_the_levels() {
    assertThat(PlanDrawing.text(PLAN))
        .isEqualTo(
            """
            release: 3 steps in 2 levels
               1 ─ build  echo
                 ─ test   echo  [for each of [1, 2], 2 at a time]
               2 ─ go     approval: Ship "it"?  [when steps.build.output = 'ok']  ← build, test
            """);
  }

  @Test
  void huge_plans_are_drawn_in_part() {
    PlanBuilder builder = Plan.named("huge");
    for (int i = 0; i < 10_000; i++) {
      builder.step("s" + i, "echo", i);
      if (i > 0) {
        builder.after("s" + (i - 1));
      }
    }
    Plan huge = builder.build();
    assertThat(PlanDrawing.text(huge)).contains("… and 9800 more steps").hasLineCount(202);
    assertThat(PlanDrawing.mermaid(huge)).contains("… and 9500 more steps");
  }
}
