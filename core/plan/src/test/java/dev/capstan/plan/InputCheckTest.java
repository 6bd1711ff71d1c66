package dev.capstan.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Mistake;
import org.junit.jupiter.api.Test;

class InputCheckTest {
  private static final Plan PLAN =
      Plan.named("p")
          .input("version", InputSpec.Type.STRING)
          .input("count", InputSpec.Type.INTEGER, 3)
          .step("a", "echo", 1)
          .build();

  @Test
  void what_fits_is_completed_with_what_was_left_out() {
    assertThat(InputCheck.check(PLAN, Json.parse("{\"version\": \"1\"}")))
        .isEqualTo(new InputCheck.Checked.Fit(Json.object().put("version", "1").put("count", 3)));
  }

  @Test
  void everything_that_does_not_fit_is_named() {
    var checked = InputCheck.check(PLAN, Json.parse("{\"versoin\": 1, \"count\": 1.5}"));
    assertThat(checked).isInstanceOf(InputCheck.Checked.Unfit.class);
    assertThat(((InputCheck.Checked.Unfit) checked).mistakes())
        .extracting(Mistake::toString)
        .containsExactly(
            "inputs.versoin: the plan has no input 'versoin' (did you mean 'version'?)",
            "inputs.version: the input 'version' is missing",
            "inputs.count: type mismatch: this is a number and should be integer");
    assertThat(InputCheck.check(PLAN, Json.text("x"))).isInstanceOf(InputCheck.Checked.Unfit.class);
    assertThat(InputCheck.check(PLAN, null)).isInstanceOf(InputCheck.Checked.Unfit.class);
  }
}
