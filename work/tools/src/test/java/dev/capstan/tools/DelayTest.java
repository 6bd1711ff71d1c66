package dev.capstan.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.capstan.engine.step.Checkpoints;
import dev.capstan.engine.step.ToolCall;
import dev.capstan.kernel.ProblemCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DelayTest {
  private final List<Duration> passed = new ArrayList<>();
  private final ToolRegistry tools = ToolRegistry.of(new Delay(passed::add), new Echo());

  @Test
  void it_waits_in_seconds_and_shows_life_after_each() throws InterruptedException {
    List<String> beats = new ArrayList<>();
    ToolCall call = Calls.of("{\"seconds\":2.5}");
    ToolCall shown =
        new ToolCall(
            call.run(),
            call.tenant(),
            call.step(),
            1,
            "k",
            call.input(),
            null,
            progress -> beats.add(progress.toString()),
            Checkpoints.NONE);
    assertThat(Calls.output(tools.tool("wait").orElseThrow(), shown).toString())
        .isEqualTo("{\"waited_seconds\":2.5}");
    assertThat(passed)
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofMillis(500));
    assertThat(beats).hasSize(3).last().isEqualTo("{\"waited_ms\":2500,\"of_ms\":2500}");
  }

  @Test
  void it_ends_when_it_is_interrupted() {
    var delay =
        new Delay(time -> {
          throw new InterruptedException();
        });
    assertThatThrownBy(() -> delay.call(Calls.of("{\"seconds\":5}")))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  void hostile_times_are_refused() throws InterruptedException {
    for (String seconds : List.of("-1", "3601", "1e300", "\"5\"", "null", "[1]")) {
      assertThat(
              Calls.problem(
                      tools.tool("wait").orElseThrow(), Calls.of("{\"seconds\":" + seconds + "}"))
                  .code())
          .as(seconds)
          .isEqualTo(ProblemCode.INVALID_INPUT);
    }
  }

  @Test
  void echo_returns_whatever_it_is_given() throws InterruptedException {
    for (String value : List.of("{\"a\":[1,null]}", "null", "0.10", "\"x\"", "[]")) {
      assertThat(Calls.output(tools.tool("echo").orElseThrow(), Calls.of(value)).toString())
          .isEqualTo(value);
    }
  }
}
