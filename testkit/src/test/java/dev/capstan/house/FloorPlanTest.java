package dev.capstan.house;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FloorPlanTest {
  @Test
  void no_room_sees_more_than_the_floor_plan_lets_it_see() {
    assertThat(FloorPlan.breaches(House.classes())).isEmpty();
  }

  @Test
  void parts_from_outside_stay_in_the_rooms_that_they_were_bought_for() {
    assertThat(FloorPlan.strangers(House.classes())).isEmpty();
  }

  @Test
  void a_kernel_that_looks_up_at_the_plan_is_found() {
    var planted =
        Planted.classes(
            "dev.capstan.kernel.Rogue",
            "package dev.capstan.kernel; class Rogue { dev.capstan.plan.Plan[] plans; }");
    assertThat(FloorPlan.breaches(planted))
        .containsExactly("dev.capstan.kernel.Rogue must not see dev.capstan.plan.Plan");
  }

  @Test
  void a_tool_sees_the_step_contract_and_not_the_engine_behind_it() {
    var planted =
        Planted.classes(
            "dev.capstan.tools.Rogue",
            """
            package dev.capstan.tools;
            class Rogue {
              dev.capstan.engine.step.Tool allowed;
              dev.capstan.journal.StepRef alsoAllowed;
              dev.capstan.engine.Submission forbidden;
            }
            """);
    assertThat(FloorPlan.breaches(planted))
        .containsExactly("dev.capstan.tools.Rogue must not see dev.capstan.engine.Submission");
  }

  @Test
  void a_room_that_nobody_drew_sees_nothing() {
    var planted =
        Planted.classes(
            "dev.capstan.attic.Rogue",
            "package dev.capstan.attic; class Rogue { dev.capstan.kernel.RunId id; }");
    assertThat(FloorPlan.breaches(planted)).hasSize(1);
  }

  @Test
  void sql_in_the_engine_is_found() {
    var planted =
        Planted.classes(
            "dev.capstan.engine.Rogue",
            "package dev.capstan.engine; class Rogue { java.sql.Connection connection; }");
    assertThat(FloorPlan.strangers(planted)).hasSize(1);
  }
}
