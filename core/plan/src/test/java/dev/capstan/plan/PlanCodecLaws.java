package dev.capstan.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.kernel.Json;
import dev.capstan.kernel.Refusal;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class PlanCodecLaws {
  private static final int PLANS = 500;

  @Test
  void what_is_encoded_decodes_to_the_same_plan_also_through_text() {
    for (int seed = 0; seed < PLANS; seed++) {
      Plan plan = new RandomPlans(seed).plan();
      JsonNode document = PlanCodec.encode(plan);
      JsonNode read = Json.parse(Json.write(document));
      Plan decoded = PlanCodec.decode(read);
      assertThat(Json.write(PlanCodec.encode(decoded))).isEqualTo(Json.write(document));
      assertThat(decoded.header()).isEqualTo(plan.header());
      assertThat(decoded.inputs()).hasSameSizeAs(plan.inputs());
      for (int i = 0; i < plan.steps().size(); i++) {
        assertThat(decoded.step(i).dependsOn()).isEqualTo(plan.step(i).dependsOn());
        assertThat(decoded.step(i).retry()).isEqualTo(plan.step(i).retry());
        assertThat(decoded.step(i).when()).isEqualTo(plan.step(i).when());
        assertThat(decoded.step(i).foreach()).isEqualTo(plan.step(i).foreach());
        assertThat(decoded.step(i).timeout()).isEqualTo(plan.step(i).timeout());
      }
    }
  }

  @Test
  void a_document_that_is_no_plan_is_refused_with_every_mistake() {
    JsonNode document =
        Json.parse(
            """
            {"name": "x", "step": 1, "steps": [{"id": "a", "tool": "echo", "wait": "1s"},
              {"id": "b", "tool": "echo", "timeout": "soon"}]}
            """);
    assertThatThrownBy(() -> PlanCodec.decode(document))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.problem().mistakes()).hasSize(3));
    assertThatThrownBy(() ->
            PlanCodec.decode(
                Json.parse(
                    "{\"name\": \"x\", \"steps\": [{\"id\": \"a\", \"signal\": \"s\","
                        + " \"depends_on\": [\"a\"]}]}")))
        .isInstanceOf(Refusal.class);
  }
}
