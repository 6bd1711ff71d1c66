package dev.capstan.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.kernel.Json;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The examples run, are recorded, and their cases pass with nobody to ask. */
class ExampleCasesIT {
  private static final Path EXAMPLES = Path.of("../../examples");

  @TempDir Path home;
  @TempDir Path tests;

  private TestHouse house() {
    return TestHouse.open(
        home,
        Map.of(
            "CAPSTAN_CONFIG",
            EXAMPLES.resolve("models/capstan.yaml").toAbsolutePath().normalize().toString()));
  }

  private String recorded(TestHouse house, String plan) throws Exception {
    HttpResponse<String> made = house.post("/runs", Json.object().put("plan", plan));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    String run = Json.parse(made.body()).path("id").stringValue();
    house.end(run);
    HttpResponse<String> written = house.get("/runs/" + run + "/case");
    assertThat(written.statusCode()).as(written.body()).isEqualTo(200);
    Files.writeString(tests.resolve("case.yaml"), written.body());
    return run;
  }

  private String test() throws Exception {
    Examiner examiner = new Examiner(tests, Map.of());
    assertThat(examiner.test()).as(examiner.said()).isZero();
    return examiner.said();
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "crew", "led", "hello", "fanout", "loop", "nested", "saga"})
  void an_example_is_a_test_of_itself(String example) throws Exception {
    try (TestHouse house = house()) {
      String plan = Files.readString(EXAMPLES.resolve(example + ".yaml"));
      String run = recorded(house, plan);
      JsonNode again = RecordedRunIT.again(house, run);
      assertThat(again.path("same").asBoolean()).as("%s", again).isTrue();
    }
    System.out.println("figure: " + example + " " + test().lines().toList().getFirst());
  }

  @Test
  void a_manager_s_workers_are_forked_at_a_turn_of_the_manager() throws Exception {
    try (TestHouse house = house()) {
      String plan = Files.readString(EXAMPLES.resolve("led.yaml"));
      String run = recorded(house, plan);
      JsonNode ended = Json.parse(house.get("/runs/" + run).body());
      String step = ended.path("steps").path(0).path("id").asString("");
      ObjectNode wish = Json.object().put("from", step).put("turn", 3);
      HttpResponse<String> forked = house.post("/runs/" + run + "/fork", wish);
      assertThat(forked.statusCode()).as(forked.body()).isEqualTo(201);
      JsonNode fork = house.end(Json.parse(forked.body()).path("id").stringValue());
      assertThat(fork.path("outputs")).isEqualTo(ended.path("outputs"));
      JsonNode again = RecordedRunIT.again(house, fork.path("id").stringValue());
      assertThat(again.path("same").asBoolean()).as("%s", again).isTrue();
    }
  }
}
