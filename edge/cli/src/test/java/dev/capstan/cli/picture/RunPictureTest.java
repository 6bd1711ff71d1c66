package dev.capstan.cli.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.cli.terminal.Paint;
import dev.capstan.cli.terminal.Safe;
import dev.capstan.kernel.Json;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class RunPictureTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:10Z");
  private static final JsonNode RELEASE =
      Json.parse(
          """
          {"id":"run_01k2m3n4p5q6r","status":"waiting","name":"release","started_at":"2026-11-21T12:00:00Z","steps":[
           {"id":"build","status":"completed","attempt":1,"depends_on":[],"started_at":"2026-11-21T12:00:00Z","ended_at":"2026-11-21T12:00:01.2Z","output":{"version":"1.4"}},
           {"id":"test","status":"retrying","attempt":2,"depends_on":["build"],"retry_at":"2026-11-21T12:00:14Z","failure":{"code":"tool_failed","detail":"no\\u001b[2J"}},
           {"id":"scan","status":"running","attempt":1,"depends_on":["build"],"started_at":"2026-11-21T12:00:06Z","items":{"total":100,"done":37,"failed":2}},
           {"id":"approve","status":"waiting","attempt":1,"depends_on":["test","scan"],"waiting":{"kind":"approval","message":"Ship it?"}},
           {"id":"deploy","status":"pending","attempt":0,"depends_on":["approve"]},
           {"id":"notify","status":"skipped","attempt":0,"depends_on":["approve"]}]}\
          """);

  private static Look look(int columns, int rows) {
    return new Look(Paint.OFF, columns, rows, NOW, ZoneId.of("UTC"), 0);
  }

  @Test
  void a_run_is_a_tree_of_steps_with_what_there_is_to_say_of_each() {
    assertThat(RunPicture.draw(RELEASE, look(100, 40)))
        .containsExactly(
            "◷ waiting  release  run_01k2m3n4p5q6r  10 s",
            "  ✓ build               1.2 s     → 1.4",
            "  ├─ ↻ test                       attempt 2 failed, again in 4.0 s: no\\u001b[2J",
            "  └─ ▸ scan             4.0 s     37/100 items, 2 failed",
            "     └─ ◷ approve                 approve? Ship it?  → capstan approve run_01k2m3n4p5q6r",
            "        ├─ · deploy",
            "        └─ – notify");
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 25, 33, 47, 60, 80, 200})
  void nothing_is_wider_than_the_terminal(int columns) {
    assertThat(RunPicture.draw(RELEASE, look(columns, 40)))
        .allSatisfy(line -> assertThat(Safe.width(line)).as(line).isLessThanOrEqualTo(columns));
  }

  @Test
  void what_there_is_no_room_for_is_counted() {
    assertThat(RunPicture.draw(RELEASE, look(80, 6)))
        .containsExactly(
            "◷ waiting  release  run_01k2m3n4p5q6r  10 s",
            "  ↻ test                          attempt 2 failed, again in 4.0 s: no\\u001b[2J",
            "  ▸ scan                4.0 s     37/100 items, 2 failed",
            "  ◷ approve                       approve? Ship it?  → capstan approve run_01k2…",
            "  … and 1 completed, 1 pending, 1 skipped steps");
  }

  @Test
  void ten_thousand_steps_fit_on_a_screen() {
    ObjectNode run = Json.object().put("id", "run_x").put("status", "running");
    ArrayNode steps = run.putArray("steps");
    for (int i = 0; i < 10_000; i++) {
      steps.addObject().put("id", "s" + i).put("status", i < 9_000 ? "completed" : "running");
    }
    assertThat(RunPicture.draw(run, look(80, 24))).hasSizeLessThanOrEqualTo(24);
  }

  @Test
  void steps_that_need_each_other_in_a_circle_do_not_hang_the_picture() {
    JsonNode odd =
        Json.parse(
            """
            {"id":"r","status":"running","steps":[{"id":"a","depends_on":["b"],"status":"pending"},
            {"id":"b","depends_on":["a"],"status":"pending"}]}\
            """);
    assertThat(RunPicture.draw(odd, look(80, 24))).isNotEmpty();
  }

  @Test
  void what_came_of_it_is_drawn_with_its_failure_and_what_was_undone() {
    JsonNode failed =
        Json.parse(
            """
            {"id":"r","status":"failed","outputs":{"sum":5.0,"text":"a\\nb"},"failure":{"step":"deploy","code":"tool_failed","detail":"refused"},
             "compensated":["build"],"uncompensated":["publish","tag"]}\
            """);
    assertThat(Ending.draw(failed, look(80, 24)))
        .containsExactly(
            "  sum  5.0",
            "  text",
            "    a",
            "    b",
            "  step deploy: refused",
            "  undone  build",
            "  could not be undone  publish, tag");
    assertThat(Ending.exitCode(failed)).isEqualTo(1);
  }

  @Test
  void a_huge_output_is_cut_and_says_so() {
    JsonNode huge =
        Json.object()
            .put("status", "completed")
            .set("outputs", Json.object().put("text", "x\n".repeat(500_000)));
    assertThat(Ending.draw(huge, look(80, 24)))
        .hasSizeLessThan(50)
        .last()
        .asString()
        .contains("--json shows all");
  }
}
