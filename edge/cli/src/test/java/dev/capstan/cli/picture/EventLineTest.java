package dev.capstan.cli.picture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.capstan.cli.terminal.Paint;
import dev.capstan.kernel.Json;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

class EventLineTest {
  private static final Look LOOK =
      new Look(Paint.OFF, 80, 24, Instant.parse("2026-11-21T12:00:10Z"), ZoneId.of("UTC"), 0);

  @Test
  void an_event_is_one_line_whatever_is_in_it() {
    var event =
        Json.parse(
            """
            {"run":"r","seq":7,"type":"step_completed","at":"2026-11-21T12:00:03Z","data":{"step":"deploy","attempt":2,"output":{"text":"a\\nb\\u001b[1m"}}}\
            """);
    assertThat(EventLine.draw(event, LOOK))
        .isEqualTo(
            "7     12:00:03  step_completed       deploy           attempt=2  output={\"text\"…");
  }

  @Test
  void a_failure_says_what_went_wrong() {
    var event =
        Json.parse(
            """
            {"seq":8,"type":"step_failed","at":"2026-11-21T12:00:03Z","data":{"step":"deploy","failure":{"code":"tool_failed","detail":"refused"}}}\
            """);
    assertThat(EventLine.draw(event, LOOK)).endsWith("refused");
  }

  @Test
  void what_stands_is_drawn_with_its_release() {
    var why =
        Json.parse(
            """
            {"run":"run_01k2m3n4p5q6r","status":"waiting","standing":[{"step":"approve","on":{"kind":"approval","message":"Ship it?"},
            "since":"2026-11-21T11:58:10Z","release":"a person: capstan approve RUN"},
             {"step":"deploy","on":{"kind":"upstream","steps":["approve"]},"since":"2026-11-21T11:58:10Z","release":"the end of approve"}]}\
            """);
    assertThat(Reasons.draw(why, LOOK))
        .containsExactly(
            "◷ waiting  run_01k2m3n4p5q6r",
            "  approve  waits for approval (message Ship it?)  for 2 min",
            "    released by  a person: capstan approve run_01k2m3n4p5q6r",
            "  1 step waits for these: deploy");
  }
}
